"""Bring the table of areas by postal code in line with an upload, which replaces all of it.

A code that ends in an asterisk stands for all that begin like it. An area that nobody on the list sits for is told.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched

from django.db import transaction
from django.db.models.functions import Now

from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.imports.comparison import Nonsense
from letters.constituency.imports.records import LeftOut
from letters.constituency.imports.tables import FAULT, LINE, Entry
from letters.models import Office, OfficeImport, PostalArea, RecipientList
from letters.models.recipients.postal_areas import bare

MOST_ROWS = 200_000
TOLD = 50  # lines of each kind that a page shows

AreaRow = tuple[str, bool, str]  # code, whether it is a beginning, area


@dataclass
class AreaDifference:
    new: list[AreaRow] = field(default_factory=list)
    gone: list[AreaRow] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)

    def changes(self) -> list[str]:
        """Return how many rows come and go, and the first of each, in English: they are kept."""
        return [
            f"{len(self.new)} rows come, {len(self.gone)} go",
            *(f"+ {in_words(row)}" for row in self.new[:TOLD]),
            *(f"- {in_words(row)}" for row in self.gone[:TOLD]),
        ]

    def digest(self) -> str:
        """Return what tells whether it is still the same difference."""
        rows = (f"{sign}{row}" for sign, rows in (("+", self.new), ("-", self.gone)) for row in rows)
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def in_words(row: AreaRow) -> str:
    """Return the row as it stands in a table.

    >>> in_words(("10", True, "DE-BE"))
    '10*: DE-BE'
    """
    code, is_prefix, area = row
    return f"{code}{'*' if is_prefix else ''}: {area}"


def compare_areas(one: OfficeImport) -> AreaDifference:
    """Compare an upload with the table of its list. Raises Nonsense."""
    listed, left_out = rows_of(one.entries or [])
    if not listed:
        raise Nonsense(for_staff("It has no row that can be used."))
    stored = set(PostalArea.objects.of_list(one.recipient_list).values_list("code", "is_prefix", "area"))
    gone = sorted(stored - listed)
    difference = AreaDifference(new=sorted(listed - stored), gone=gone, left_out=left_out)
    sitting = set(Office.objects.on_list(one.recipient_list).values_list("area", flat=True))
    if strange := sorted({area for _code, _is_prefix, area in listed} - sitting):
        words = {"number": len(strange), "areas": ", ".join(strange[:TOLD])}
        difference.warnings.append(for_staff_lazy("Nobody on the list sits for %(number)s areas: %(areas)s", **words))
    if 2 * len(gone) > len(stored):
        words = {"gone": len(gone), "number": len(stored)}
        difference.doubts.append(for_staff_lazy("%(gone)s of %(number)s rows would go", **words))
    if one.is_overtaken:
        difference.doubts.append(for_staff_lazy("another list was applied after this one had been uploaded"))
    return difference


def rows_of(entries: Iterable[Entry]) -> tuple[set[AreaRow], list[LeftOut]]:
    """Return the rows, one for each area of a code, and the lines that cannot be used."""
    rows, left_out = set[AreaRow](), []
    for entry in entries:
        code, areas = bare(entry.get("code", "")), re.split(r"\s*[,;|]\s*", entry.get("area", "").strip(" ,;|"))
        is_prefix = entry.get("code", "").endswith("*")
        if FAULT not in entry and 0 < len(code) <= 12 and all(0 < len(area) <= 40 for area in areas):
            rows |= {(code, is_prefix, area) for area in areas}
        else:
            where = for_staff("line %(number)s") % {"number": entry[LINE]}
            problem = for_staff("It needs a postal code and at least one area, of at most 40 characters.")
            left_out.append(LeftOut(where, None, "", [problem]))
    return rows, left_out


@transaction.atomic
def apply_areas(one: OfficeImport, *, seen: str, is_sure: bool) -> None:
    """Put the upload in the place of the table if it would still change what was `seen`. Raises Nonsense."""
    RecipientList.objects.select_for_update(no_key=True).get(pk=one.recipient_list.pk)
    difference = compare_areas(one)
    if difference.digest() != seen:
        raise Nonsense(for_staff("The table has changed meanwhile. This is what the upload would change now."))
    if difference.doubts and not is_sure:
        raise Nonsense(for_staff("Something speaks against this list. Say that you want to apply it all the same."))
    gone = set(difference.gone)
    stored = PostalArea.objects.of_list(one.recipient_list).values_list("pk", "code", "is_prefix", "area")
    pks = [pk for pk, *row in stored if tuple(row) in gone]
    for some in batched(pks, 5000):
        PostalArea.objects.filter(pk__in=some).delete()
    PostalArea.objects.bulk_create(
        (
            PostalArea(recipient_list=one.recipient_list, code=code, is_prefix=is_prefix, area=area)
            for code, is_prefix, area in difference.new
        ),
        batch_size=5000,
    )
    one.changes, one.applied_at, one.entries = difference.changes(), Now(), None
    one.save()
