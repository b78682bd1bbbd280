"""Files that staff upload for a list, of whatever kind: read once, compared as often as they are looked at, applied."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaign.admin.spreadsheets import GivenTable
from campaign.database import clock
from campaign.protection.inputs.csv_records import Unusable
from campaign.protection.inputs.encodings import guess_encoding
from campaign.translation import for_staff
from letters.constituency.congress import senators
from letters.constituency.imports import areas, comparison, members
from letters.constituency.imports.areas import AreaDifference
from letters.constituency.imports.comparison import Difference
from letters.constituency.imports.headers import AREA_HEADINGS, MEMBER_HEADINGS
from letters.constituency.imports.records import LeftOut, OfficeRecord
from letters.constituency.imports.tables import read_table
from letters.models import ImportFormat, OfficeImport
from letters.models.recipients.recipient_lists import US_SENATE


def read_file(one: OfficeImport, file: UploadedFile) -> None:
    """Take the entries of the file. Raises ValidationError if it cannot be read at all."""
    is_legislators = (file.name or "").lower().endswith((".json", ".yaml", ".yml"))
    one.source, one.applied_at = one.source or (file.name or "")[:300], None
    if is_legislators and one.recipient_list_id == US_SENATE:
        try:
            read_legislators(one, file.read().decode())
        except UnicodeDecodeError as error:
            raise ValidationError(for_staff("The file is not a text in UTF-8.")) from error
        return
    headings, most = (AREA_HEADINGS, areas.MOST_ROWS) if one.is_of_areas else (MEMBER_HEADINGS, members.MOST_MEMBERS)
    table = GivenTable(file)
    try:
        encoding = "utf-8" if table.is_spreadsheet else guess_encoding(table.pieces(), one.recipient_list.language)
        one.entries = read_table(table.pieces(), headings, encoding=encoding, most=most)
    except Unusable as error:
        raise ValidationError(str(error)) from error
    refuse_nonsense(one)


def read_legislators(one: OfficeImport, text: str) -> None:
    """Take the entries of a list of legislators. Raises ValidationError."""
    try:
        one.entries, one.format = senators.read_entries(text), ImportFormat.LEGISLATORS
    except senators.NotAList as error:
        why = for_staff("It cannot be read as a list of legislators: %(why)s") % {"why": str(error)[:300]}
        raise ValidationError(why) from error
    refuse_nonsense(one)


def refuse_nonsense(one: OfficeImport) -> None:
    one.uploaded_at = clock.now()
    try:
        difference_of(one)
    except comparison.Nonsense as error:
        raise ValidationError(str(error)) from error


def difference_of(one: OfficeImport) -> Difference | AreaDifference:
    """Return what an upload would change now. Raises Nonsense."""
    if one.is_of_areas:
        return areas.compare_areas(one)
    return comparison.compare_proposal(one.recipient_list, *records_of(one), one)


def records_of(one: OfficeImport) -> tuple[list[OfficeRecord], list[LeftOut]]:
    entries: list[Any] = one.entries or []
    if one.format == ImportFormat.LEGISLATORS:
        return senators.records_of(entries)
    as_of = one.as_of or one.uploaded_at.date()
    return members.records_of(one.recipient_list, entries, source=one.source, as_of=as_of)


@transaction.atomic
def apply_upload(one: OfficeImport, *, seen: str, release: Collection[str], is_sure: bool) -> None:
    """Apply the upload if it would still change what was `seen`, whole or not at all. Raises Nonsense."""
    if one.is_of_areas:
        areas.apply_areas(one, seen=seen, is_sure=is_sure)
        return
    records, left_out = records_of(one)
    comparison.apply_list(
        one.recipient_list,
        records,
        left_out,
        seen=seen,
        release=release,
        is_sure=is_sure,
        source=one.source,
        proposal=one,
    )
