"""Where recipients stand, from a table that staff upload: all of it is put down, or nothing."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaign.protection.inputs.csv_records import Unusable, likely_delimiter
from campaign.protection.inputs.encodings import as_utf8, guess_encoding
from campaign.translation import for_staff, for_staff_lazy
from letters.models import LetterCampaign, Office, Position, Stance
from letters.models.sender import fold

LARGEST_TABLE = 1 << 20  # bytes
MOST_FAULTS = 20
COLUMNS = ("id", "name", "stance", "source", "date")
SPELLINGS = {"opposed": Stance.OPPOSES, "supporter": Stance.SUPPORTS, "co-sponsor": Stance.COSPONSOR}


class StandsForm(forms.Form):
    """A table of stands, each with its office; `positions` is what it says, not stored yet."""

    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy(
            "CSV. The first line names the columns: id (in the directory) or name, stance (%(stances)s), source, date"
            " (such as 2026-11-21). Whoever is not in it stays as they are.",
            stances=", ".join(Stance.values),
        ),
    )
    positions: list[Position]

    def __init__(self, *args: Any, campaign: LetterCampaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_TABLE:
            raise ValidationError(for_staff("The file is larger than 1 MB."))
        try:
            raw = file.read()
            text = b"".join(as_utf8([raw], guess_encoding([raw], "en"))).decode()
            if "\0" in text:
                raise Unusable("it holds zeros")
            self.positions = self.read(text.lstrip("\ufeff"))
        except (Unusable, UnicodeDecodeError, csv.Error) as error:
            raise ValidationError(for_staff("It cannot be read as a table.")) from error
        return file

    def read(self, text: str) -> list[Position]:
        """Return what the table says. Raises ValidationError with all that is wrong in it."""
        rows = csv.DictReader(text.splitlines(), delimiter=likely_delimiter(text.partition("\n")[0]))
        rows.fieldnames = [name.strip().casefold() for name in rows.fieldnames or []]
        everybody = list(self.offices())
        named = Counter(fold(one.name) for one in everybody)
        offices = {one.directory_id.casefold(): one for one in everybody}
        offices |= {fold(one.name): one for one in everybody if named[fold(one.name)] == 1}
        found: dict[int, Position] = {}
        faults = []
        for row in rows:
            try:
                position = self.position_of({name: (row.get(name) or "").strip() for name in COLUMNS}, offices)
                if position.office_id in found:
                    raise ValidationError(for_staff("stands there twice"))
                found[position.office_id] = position
            except ValidationError as error:
                what = {"line": rows.line_num, "why": "; ".join(error.messages)}
                faults.append(for_staff("Line %(line)s: %(why)s") % what)
        if faults or not found:
            raise ValidationError(faults[:MOST_FAULTS] or for_staff("No line of it names anybody."))
        return list(found.values())

    def offices(self) -> Iterator[Office]:
        return Office.objects.current().filter(recipient_list__in=self.campaign.recipient_lists).iterator()

    def position_of(self, row: Mapping[str, str], offices: Mapping[str, Office]) -> Position:
        office = offices.get(row["id"].casefold() if row["id"] else fold(row["name"]))
        if office is None:
            who = row["id"] or row["name"] or "-"
            raise ValidationError(for_staff("%(who)s is not in office on a list of this campaign") % {"who": who})
        word = row["stance"].casefold()
        stance = SPELLINGS.get(word, word)
        if stance not in Stance.values:
            raise ValidationError(for_staff("“%(word)s” is none of the stances") % {"word": row["stance"]})
        if stance != Stance.UNKNOWN and not (row["source"] and row["date"]):
            raise ValidationError(for_staff("source and date are missing"))
        try:
            day = date.fromisoformat(row["date"]) if row["date"] else None
        except ValueError:
            text = for_staff("“%(word)s” is no date such as 2026-11-21")
            raise ValidationError(text % {"word": row["date"]}) from None
        position = Position(campaign=self.campaign, office=office, stance=stance, source=row["source"], as_of=day)
        position.clean_fields()
        return position

    @transaction.atomic
    def save(self) -> int:
        """Put all of it down; return of how many offices."""
        for one in self.positions:
            said = {"stance": one.stance, "source": one.source, "as_of": one.as_of}
            Position.objects.update_or_create(campaign=self.campaign, office=one.office, defaults=said)
        return len(self.positions)
