"""The form with which staff upload a file of paper rows, and the fields that it shares with the form for sheets."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from campaign.database import clock
from campaign.protection.inputs.csv_records import Unusable, lines_of
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.forms.fields import CountryField
from petitions.models import PaperBatch, Petition
from petitions.paper.imports import uploads
from petitions.paper.imports.rows import COLUMNS, layout_of

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
        if day > clock.now().date() + timedelta(days=1):  # it may already be tomorrow east of here
            raise ValidationError(for_staff("This day is still to come."))
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
                "CSV in UTF-8, at most 500 MB. Columns: %(columns)s; countries as two letters, such as DE. Kept "
                "encrypted, and wiped once it is loaded."
            )
            % {"columns": ", ".join(COLUMNS)}
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_UPLOAD:
            raise ValidationError(for_staff("The file is larger than 500 MB."))
        try:
            layout_of(next(lines_of(file.chunks(uploads.PART_BYTES)), b""), self.cleaned_data.get("country", ""))
        except Unusable as error:
            raise ValidationError(str(error)) from None
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        values["scan"] = values["scan"] or uploads.scan_of(values["file"])
        known = PaperBatch.objects.of_scan(values["petition"], values["scan"]).first()
        if known and not known.can_go_on:
            self.add_error(
                "file", for_staff("This scan or file has been loaded already: %(known)s.") % {"known": known}
            )
        return values
