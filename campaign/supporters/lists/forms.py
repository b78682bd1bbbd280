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
from campaign.translation import for_staff, for_staff_lazy

MOST_MEGABYTES = 10
EARLIEST_CONSENT = date(1990, 1, 1)


class ImportForm(forms.ModelForm[SubscriberImport]):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=(
            for_staff_lazy(
                "CSV in UTF-8 or XLSX, %(most_megabytes)s MB at most. Of a spreadsheet the first sheet is read; "
                "save one of more than 50,000 rows as CSV. The first line names the columns: %(columns)s, of which "
                "only “email” is needed; any other is not kept. Kept encrypted, and wiped once it is loaded."
            )
            % {"most_megabytes": MOST_MEGABYTES, "columns": ", ".join(LIST_COLUMNS)}
        ),
    )
    wording = forms.CharField(
        label=for_staff_lazy("Wording"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=for_staff_lazy(
            "Exactly what they agreed to, as it stood there. Not needed if each of them is asked to confirm."
        ),
    )
    language = forms.ChoiceField(
        label=for_staff_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=for_staff_lazy("Of rows that name none."),
    )

    class Meta:
        model = SubscriberImport
        fields = ["name", "file", "language", "proof", "wording", "place", "consented_on", "tags"]
        widgets = {
            "consented_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "proof": forms.RadioSelect,
        }
        help_texts = {
            "tags": for_staff_lazy("Words for segments, with commas between them, such as conference-2026,donors.")
        }

    content: bytes | None = None  # of a spreadsheet, as CSV
    checked: Checked

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            raise ValidationError(
                for_staff("The file is larger than %(most_megabytes)s MB. Upload it in parts.")
                % {"most_megabytes": MOST_MEGABYTES}
            )
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
            raise ValidationError(for_staff("Look at the year again."))
        if day > clock.now().date() + timedelta(days=1):  # it may already be tomorrow east of here
            raise ValidationError(for_staff("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("proof") == ConsentProof.ASK:
            with translation.override(values.get("language")):
                values["wording"] = consent_wording()
        elif not values.get("wording"):
            self.add_error(
                "wording", for_staff("Enter the words that they agreed to, or have each of them asked to confirm.")
            )
        return values
