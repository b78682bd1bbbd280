"""Makers of what tests of paper signatures need."""

import hashlib
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from campaign.staff.accounts import address_verification
from petitions.models import PaperBatch, Petition
from petitions.paper.imports import loading
from petitions.paper.imports.loading import Collected, ImportSource

HEADER = "name,email,address,country\n"
DESK = "/admin/petitions/paperbatch/"
ANA = {"name": "Ana", "address": "Street 1", "country": "CH"}
BOB = {"name": "Bob", "email": "bob@example.org", "country": "CH"}


def make_file(*rows: str, header: str = HEADER) -> bytes:
    return (header + "".join(f"{row}\n" for row in rows)).encode()


def make_batch(petition: Petition, content: bytes, **fields: Any) -> PaperBatch:
    source = ImportSource(hashlib.sha256(content).hexdigest(), "rows.csv", len(content))
    collected = Collected("Ana", "Bern", date(2026, 11, 1))
    return loading.open_batch(petition=petition, collected=collected, source=source, **fields)


def load(petition: Petition, *rows: str) -> PaperBatch:
    content = make_file(*rows)
    batch = make_batch(petition, content)
    for _ in loading.load(batch, [content]):
        pass
    batch.refresh_from_db()
    return batch


def make_staff(name: str = "staff", **fields: bool) -> User:
    values = {"is_staff": True, "is_superuser": True, **fields}
    person = User.objects.create_user(name, f"{name}@example.org", "correct horse battery", **values)
    address_verification.mark_verified(person)
    return person


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


COLLECTED = {"collector": "Ana", "place": "Bern", "collected_on": "2026-11-01", "language": "en"}


def register(desk: Client, petition: Any, **fields: str) -> PaperBatch:
    desk.post(f"{DESK}register/", {**COLLECTED, "petition": petition.pk, "country": "CH", **fields})
    return PaperBatch.objects.latest("pk")


def type_rows(
    desk: Client, batch: PaperBatch, *rows: dict[str, str], button: str = "more", first: int | None = None, **place: str
) -> Any:
    """As from a page opened a moment ago, unless `first` tells of an older one, and asked whether a sheet is done."""
    fields = {f"form-{index}-{key}": value for index, row in enumerate(rows) for key, value in row.items()}
    management = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    management["first"] = first or PaperBatch.objects.get(pk=batch.pk).lines_read + 1
    return desk.post(f"{DESK}{batch.pk}/type/", {**fields, **management, "is_asked": "on", **place, button: "1"})
