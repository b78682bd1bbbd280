"""The form with which staff upload a list of subscribers, and say what proves that these people agreed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation

from campaign.admin.spreadsheets import GivenTable
from campaign.protection.inputs.csv_records import Unusable
from campaign.protection.inputs.encodings import as_utf8, guess_encoding
from campaign.supporters.lists.rows import LIST_COLUMNS
from campaign.supporters.lists.uploads import Checked, check
from campaign.supporters.models import SubscriberImport
from campaign.supporters.models.imports import ConsentProof
from campaign.supporters.subscriptions import consent_wording
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.forms.days import validate_past_day

MOST_MEGABYTES = 10
EARLIEST_CONSENT = date(1990, 1, 1)


class ImportForm(forms.ModelForm[SubscriberImport]):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=(
            for_staff_lazy(
                "CSV, XLSX or ODS, %(most_megabytes)s MB at most. Of a spreadsheet the first sheet is read. "
                "The first line names the columns: %(columns)s, of which "
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
        fields = ["name", "language", "file", "proof", "wording", "place", "consented_on", "tags"]
        widgets = {
            "consented_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "proof": forms.RadioSelect,
        }
        help_texts = {
            "tags": for_staff_lazy("Words for segments, with commas between them, such as conference-2026,donors.")
        }

    table: GivenTable
    encoding: str
    checked: Checked

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            raise ValidationError(
                for_staff("The file is larger than %(most_megabytes)s MB. Upload it in parts.")
                % {"most_megabytes": MOST_MEGABYTES}
            )
        self.table = GivenTable(file)
        try:
            language = self.cleaned_data.get("language", settings.LANGUAGE_CODE)
            self.encoding = guess_encoding(self.table.pieces(), language)
            self.checked = check(self.pieces(), settings.LANGUAGE_CODE)
        except Unusable as error:
            raise ValidationError(str(error)) from None
        return file

    def pieces(self) -> Iterator[bytes]:
        """Yield the list as CSV in UTF-8."""
        return as_utf8(self.table.pieces(), self.encoding)

    def clean_consented_on(self) -> date:
        day: date = self.cleaned_data["consented_on"]
        if day < EARLIEST_CONSENT:
            raise ValidationError(for_staff("Look at the year again."))
        validate_past_day(day)
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
