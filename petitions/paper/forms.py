"""What staff fill in for paper: the upload of a file of rows."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.fields import CountryField
from petitions.models import PaperBatch, Petition
from petitions.paper import uploads
from petitions.paper.records import Unusable, lines_of
from petitions.paper.rows import COLUMNS, layout_of

LARGEST = 500 * 1024 * 1024
EARLIEST = date(2000, 1, 1)  # a year of two digits, typed into a browser's calendar, is one of the first century


class ScanField(forms.CharField):
    """A SHA-256 as hexadecimal digits."""

    def clean(self, value: Any) -> str:
        scan = super().clean(value).strip().lower()
        if scan and not re.fullmatch(r"[0-9a-f]{64}", scan):
            raise ValidationError(_("64 hexadecimal characters are expected."))
        return scan


class PetitionField(forms.ModelChoiceField):
    """A draft has no paper yet: its wording may still change, and paper cannot."""

    def __init__(self) -> None:
        super().__init__(
            Petition.objects.has_been_public(),
            label=_("Petition"),
            help_text=_("Drafts are not among them: their wording may still change."),
        )


class CollectedForm(forms.ModelForm[PaperBatch]):
    """By whom, where and until when signatures were collected, and for which petition."""

    petition = PetitionField()

    class Meta:
        model = PaperBatch
        fields = ["petition", "collector", "place", "collected_on"]
        widgets = {"collected_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_petition(self) -> Petition:
        petition: Petition = self.cleaned_data["petition"]
        if petition.active_key is None:
            raise ValidationError(_("This petition has no active key to seal signatures to."))
        return petition

    def clean_collected_on(self) -> date:
        day: date = self.cleaned_data["collected_on"]
        if day < EARLIEST:
            raise ValidationError(_("Look at the year again."))
        if day > timezone.now().date() + timedelta(days=1):  # east of here it may be tomorrow already
            raise ValidationError(_("This day is still to come."))
        return day


class UploadForm(CollectedForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the sheets."))
    country = CountryField(label=_("Country"), required=False, help_text=_("For rows that name none."))
    scan = ScanField(
        label=_("SHA-256 of the scan"),
        required=False,
        help_text=_("Of the scanned sheets; empty: that of the file. The same scan is refused a second time."),
    )
    file = forms.FileField(
        label=_("File of rows"),
        help_text=_(
            "CSV in UTF-8, at most 500 MB. Columns: %(columns)s; countries as two letters, such as DE."
            " Kept encrypted, and wiped once it is loaded."
        )
        % {"columns": ", ".join(COLUMNS)},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(_("The file is larger than 500 MB."))
        try:
            layout_of(next(lines_of(file.chunks(uploads.PART)), b""), self.cleaned_data.get("country", ""))
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
            self.add_error("file", _("This scan or file has been loaded already: %(batch)s.") % {"batch": known})
        return values
