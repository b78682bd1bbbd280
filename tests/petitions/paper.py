"""Makers of what tests of paper signatures need."""

import hashlib
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from petitions.models import PaperBatch, Petition
from petitions.paper import importing
from petitions.paper.importing import Collected, Source

HEADER = "name,email,address,country\n"


def make_file(*rows: str, header: str = HEADER) -> bytes:
    return (header + "".join(f"{row}\n" for row in rows)).encode()


def make_batch(petition: Petition, content: bytes, **fields: Any) -> PaperBatch:
    source = Source(hashlib.sha256(content).hexdigest(), "rows.csv", len(content))
    collected = Collected("Ana", "Bern", date(2026, 11, 1))
    return importing.open_batch(petition=petition, collected=collected, source=source, **fields)


def load(petition: Petition, *rows: str) -> PaperBatch:
    content = make_file(*rows)
    batch = make_batch(petition, content)
    for _ in importing.load(batch, [content]):
        pass
    batch.refresh_from_db()
    return batch


def make_staff(name: str = "staff", **fields: bool) -> User:
    values = {"is_staff": True, "is_superuser": True, **fields}
    return User.objects.create_user(name, f"{name}@example.org", "correct horse battery", **values)
