"""The form in which staff upload where recipients stand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.imports import stands
from letters.models import LetterCampaign, Position, Stance

LARGEST_TABLE = 1 << 20  # bytes


class StandsForm(forms.Form):
    """A table of stands; `positions` is what it says, not stored yet."""

    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy(
            "CSV, XLSX or ODS. The first line names the columns: id (in the directory) or name, stance (%(stances)s),"
            " source, date (such as 2026-11-21). Whoever is not in it stays as they are.",
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
        self.positions = stands.positions_in(file, self.campaign)
        return file
