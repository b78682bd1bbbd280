"""The form with which staff upload a list of subscribers, and say what proves that these people agreed."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.module_loading import import_string

from campaign.database import clock
from campaign.protection.inputs.csv_records import Unusable
from campaign.supporters.lists.rows import LIST_COLUMNS
from campaign.supporters.lists.uploads import PART_BYTES, Checked, check
from campaign.supporters.models import SubscriberImport
from campaign.supporters.models.imports import ConsentProof
from campaign.supporters.subscriptions import consent_wording

MOST_MEGABYTES = 10
EARLIEST_CONSENT = date(1990, 1, 1)


class ImportForm(forms.ModelForm[SubscriberImport]):
    file = forms.FileField(
        label="File",
        help_text=(
            f"CSV in UTF-8 or XLSX, {MOST_MEGABYTES} MB at most. Of a spreadsheet the first sheet is read; save one of"
            " more than 50,000 rows as CSV."
            f" The first line names the columns: {', '.join(LIST_COLUMNS)}, of which only “email” is needed; any other"
            " is not kept. Kept encrypted, and wiped once it is loaded."
        ),
    )
    wording = forms.CharField(
        label="Wording",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Exactly what they agreed to, as it stood there. Not needed if each of them is asked to confirm.",
    )
    language = forms.ChoiceField(label="Language", choices=settings.LANGUAGES, help_text="Of rows that name none.")

    class Meta:
        model = SubscriberImport
        fields = ["name", "file", "language", "proof", "wording", "place", "consented_on", "tags"]
        widgets = {
            "consented_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "proof": forms.RadioSelect,
        }
        help_texts = {"tags": "Words for segments, with commas between them, such as conference-2026,donors."}

    content: bytes | None = None  # of a spreadsheet, as CSV
    checked: Checked

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            raise ValidationError(f"The file is larger than {MOST_MEGABYTES} MB. Upload it in parts.")
        if PurePath(file.name or "").suffix.lower() == ".xlsx":
            self.content = import_string(settings.READ_SPREADSHEET)(file.read())
        try:
            self.checked = check(self.pieces(file), settings.LANGUAGE_CODE)
        except Unusable as error:
            raise ValidationError(str(error)) from None
        return file

    def pieces(self, file: UploadedFile) -> Iterator[bytes]:
        """Yield the list as CSV."""
        if self.content is None:
            yield from file.chunks(PART_BYTES)
        else:
            yield from (self.content[at : at + PART_BYTES] for at in range(0, len(self.content), PART_BYTES))

    def clean_consented_on(self) -> date:
        day: date = self.cleaned_data["consented_on"]
        if day < EARLIEST_CONSENT:
            raise ValidationError("Look at the year again.")
        if day > clock.now().date() + timedelta(days=1):  # it may already be tomorrow east of here
            raise ValidationError("This day is still to come.")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("proof") == ConsentProof.ASK:
            with translation.override(values.get("language")):
                values["wording"] = consent_wording()
        elif not values.get("wording"):
            self.add_error("wording", "Enter the words that they agreed to, or have each of them asked to confirm.")
        return values
