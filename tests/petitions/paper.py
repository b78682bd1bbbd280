"""Makers of what tests of paper signatures need."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from django.contrib.auth.models import User
from django.test import Client

from campaign.staff.accounts import address_verification
from petitions.models import PaperBatch, Petition
from petitions.paper.imports import loading
from petitions.paper.imports.loading import Collected, ImportSource

ODF = "urn:oasis:names:tc:opendocument:xmlns"
HEADER = "name,email,address,country\n"
DESK = "/admin/petitions/paperbatch/"
ANA = {"name": "Ana", "address": "Street 1", "country": "CH"}
BOB = {"name": "Bob", "email": "bob@example.org", "country": "CH"}


def make_file(*rows: str, header: str = HEADER) -> bytes:
    return (header + "".join(f"{row}\n" for row in rows)).encode()


def spreadsheet(kind: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return an XLSX or ODS file whose cells are text."""
    return {"xlsx": make_xlsx, "ods": make_ods}[kind](rows)


def make_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            book.active.cell(row, column, text).data_type = "s"  # also of what begins with “=”
    book.save(written)
    return written.getvalue()


def make_ods(rows: Sequence[Sequence[str]]) -> bytes:
    names = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    table = "".join(
        f"<table:table-row>{''.join(cell.format(escape(text)) for text in row)}</table:table-row>" for row in rows
    )
    content = (
        f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Rows">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0"/>')
    return written.getvalue()


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
