"""Forms with which staff upload a file of paper rows and say how it is read; fields shared with the form for sheets."""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from campaign.admin.spreadsheets import GivenTable
from campaign.protection.inputs.csv_records import DELIMITERS, Unusable
from campaign.protection.inputs.encodings import ENCODINGS, guess_encoding
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.forms.days import validate_past_day
from campaign.web.forms.fields import CountryField
from petitions.models import BatchState, PaperBatch, Petition
from petitions.paper.imports import uploads
from petitions.paper.imports.headers import COLUMNS
from petitions.paper.imports.rows import Reading, open_table

LARGEST_UPLOAD = 500 * 1024 * 1024
EARLIEST = date(2000, 1, 1)  # a two-digit year typed into a browser's calendar is one of the first century


class ScanField(forms.CharField):
    """A SHA-256 in hexadecimal digits."""

    def clean(self, value: Any) -> str:
        scan = super().clean(value).strip().lower()
        if scan and not re.fullmatch(r"[0-9a-f]{64}", scan):
            raise ValidationError(for_staff("64 hexadecimal characters are expected."))
        return scan


class PetitionField(forms.ModelChoiceField):
    """A choice of petitions without drafts: their wording may still change, and what is printed on paper cannot."""

    def __init__(self) -> None:
        super().__init__(
            Petition.objects.has_been_public(),
            label=for_staff("Petition"),
            help_text=for_staff("Drafts are not among them: their wording may still change."),
        )


class CollectedForm(forms.ModelForm[PaperBatch]):
    """Who collected signatures, where and until when, and for which petition."""

    petition = PetitionField()
    collector = forms.CharField(
        label=for_staff_lazy("Collector"),
        max_length=200,
        help_text=for_staff_lazy("The person or group that collected these signatures; kept encrypted."),
    )

    class Meta:
        model = PaperBatch
        fields = ["petition", "place", "collected_on"]
        widgets = {"collected_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_petition(self) -> Petition:
        petition: Petition = self.cleaned_data["petition"]
        if petition.active_key is None:
            raise ValidationError(for_staff("This petition has no active key to seal signatures to."))
        return petition

    def clean_collected_on(self) -> date:
        day: date = self.cleaned_data["collected_on"]
        if day < EARLIEST:
            raise ValidationError(for_staff("Look at the year again."))
        validate_past_day(day)
        return day


class UploadForm(CollectedForm):
    language = forms.ChoiceField(
        label=for_staff_lazy("Language"), choices=settings.LANGUAGES, help_text=for_staff_lazy("Of the sheets.")
    )
    country = CountryField(
        label=for_staff_lazy("Country"), required=False, help_text=for_staff_lazy("For rows that name none.")
    )
    scan = ScanField(
        label=for_staff_lazy("SHA-256 of the scan"),
        required=False,
        help_text=for_staff_lazy(
            "Of the scanned sheets; empty: that of the file. The same scan is refused a second time."
        ),
    )
    file = forms.FileField(
        label=for_staff_lazy("File of rows"),
        help_text=(
            for_staff_lazy(
                "CSV, XLSX or ODS; of a spreadsheet the first sheet is read. The first line names the columns, in any "
                "language of this site: %(columns)s. You see how it is read before anything is loaded. At most 500 MB, "
                "a spreadsheet 20 MB. Kept encrypted, and wiped once it is loaded."
            )
            % {"columns": ", ".join(COLUMNS)}
        ),
    )

    table: GivenTable
    reading: Reading  # as the file seems to be meant

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_UPLOAD:
            raise ValidationError(for_staff("The file is larger than 500 MB."))
        table = self.table = GivenTable(file)
        try:
            encoding = (
                "" if table.is_spreadsheet else guess_encoding(table.pieces(), self.cleaned_data.get("language", ""))
            )
            self.reading = open_table(table.pieces(), Reading(encoding)).reading
        except Unusable as error:
            raise ValidationError(str(error)) from None
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        values["scan"] = values["scan"] or uploads.scan_of(values["file"])
        known = PaperBatch.objects.of_scan(values["petition"], values["scan"]).first()
        if known and known.state == BatchState.UPLOADED:
            self.add_error("file", for_staff("This scan or file waits to be loaded: %(known)s.") % {"known": known})
            return values
        if known and not known.can_go_on:
            self.add_error(
                "file", for_staff("This scan or file has been loaded already: %(known)s.") % {"known": known}
            )
        return values


COLUMN_LABELS = {
    "name": for_staff_lazy("Name"),
    "email": for_staff_lazy("E-mail address"),
    "address": for_staff_lazy("Address"),
    "postcode": for_staff_lazy("Postcode"),
    "city": for_staff_lazy("City"),
    "country": for_staff_lazy("Country"),
}
DELIMITER_LABELS = {
    ",": for_staff_lazy("comma"),
    ";": for_staff_lazy("semicolon"),
    "\t": for_staff_lazy("tab"),
    "|": for_staff_lazy("vertical line"),
}


class ReadingForm(forms.Form):
    """How a file is read: its encoding, its separator, and what each of its columns is."""

    encoding = forms.ChoiceField(label=for_staff_lazy("Encoding"), choices=ENCODINGS.items())
    delimiter = forms.ChoiceField(
        label=for_staff_lazy("Separator"), choices=[(sign, DELIMITER_LABELS[sign]) for sign in DELIMITERS]
    )

    def __init__(self, data: Any, *, shown: uploads.Preview) -> None:
        reading = self.shown = shown.reading
        super().__init__(data, initial={"encoding": reading.encoding, "delimiter": reading.delimiter})
        if not reading.encoding:  # of a spreadsheet
            del self.fields["encoding"], self.fields["delimiter"]
        for index, (header, column) in enumerate(zip(shown.headers, reading.columns or (), strict=True)):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=header or for_staff("column %(number)d") % {"number": index + 1},
                required=False,
                initial=column,
                choices=[("", for_staff("not read")), *COLUMN_LABELS.items()],
            )

    @property
    def of_text(self) -> list[forms.BoundField]:
        return [self[name] for name in ("encoding", "delimiter") if name in self.fields]

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def chosen(self) -> Reading:
        """Return what was chosen; what a column is remains to be seen if the file is divided otherwise."""
        values = self.cleaned_data
        encoding, delimiter = values.get("encoding", ""), values.get("delimiter", self.shown.delimiter)
        columns = tuple(values[column.name] for column in self.columns)
        is_guessed_anew = delimiter != self.shown.delimiter or (encoding != self.shown.encoding and not any(columns))
        return Reading(encoding, delimiter, None if is_guessed_anew else columns)
