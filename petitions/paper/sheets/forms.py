"""Forms with which staff print, register and type sheets."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseFormSet

from campaign.secrecy.addresses import keyed_hash
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.forms.fields import CountryField
from petitions.models import BatchState, PaperBatch, PaperSheet
from petitions.models.paper import Reason
from petitions.models.sheet import PRINTED_ROWS
from petitions.paper.imports import loading
from petitions.paper.imports.forms import CollectedForm, PetitionField, ScanField
from petitions.paper.imports.loading import Collected, ImportSource
from petitions.paper.imports.rows import Fault, Person, read
from petitions.paper.sheets import printing
from petitions.paper.sheets.data_entry import Numbered, RejectedRow

FIELD_OF = {
    Reason.EMAIL: "email", Reason.COUNTRY: "country", Reason.ADDRESS_LONG: "address", Reason.NO_ADDRESS: "address",
}  # fmt: skip
REJECTIONS = [
    ("", for_staff_lazy("counts")),
    *((reason.value, reason.label) for reason in (Reason.STRUCK, Reason.UNREADABLE, Reason.INVENTED)),
]
ROWS_ON_A_PAGE = 10
DIFFERS = for_staff_lazy("Not as it was typed first. Look at the paper.")
DIFFERENCES = {"rejected": for_staff_lazy("It was typed first as a row that counts. Look at the paper.")}


class PrintForm(forms.Form):
    petition = PetitionField()
    language = forms.ChoiceField(
        label=for_staff_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=for_staff_lazy("English where the petition has no text in it."),
    )
    copies = forms.IntegerField(
        label=for_staff_lazy("Number of sheets"),
        min_value=1,
        max_value=printing.MOST_SHEETS,
        initial=10,
        help_text=for_staff_lazy("Each gets its own number."),
    )


class RegisterForm(CollectedForm):
    """A sheet that has been returned."""

    sheet = forms.ModelChoiceField(
        PaperSheet.objects.out(),
        required=False,
        label=for_staff_lazy("Sheet number"),
        widget=forms.NumberInput(attrs={"autofocus": True}),
        help_text=for_staff_lazy("As printed in its corner; empty for paper without a number."),
        error_messages={
            "invalid_choice": for_staff_lazy("No such sheet is out: never printed, or registered already.")
        },
    )
    language = forms.ChoiceField(
        label=for_staff_lazy("Language"),
        choices=settings.LANGUAGES,
        help_text=for_staff_lazy("Of paper without a number."),
    )
    rows = forms.IntegerField(
        label=for_staff_lazy("Rows filled in"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=for_staff_lazy(
            "Count them on the paper, struck ones too: no more can be typed. Empty: as many as were printed."
        ),
    )
    country = CountryField(
        label=for_staff_lazy("Country"), required=False, help_text=for_staff_lazy("Filled in beforehand in every row.")
    )
    scan = ScanField(
        label=for_staff_lazy("SHA-256 of the scan"),
        required=False,
        help_text=for_staff_lazy(
            "A checksum of the file, so that the same scan is refused a second time. Empty: not scanned."
        ),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if values["sheet"] and values["sheet"].text.petition_id != values["petition"].pk:
            self.add_error("sheet", for_staff("This sheet belongs to another petition."))
        if values["sheet"] and (values["rows"] or 0) > values["sheet"].rows:
            self.add_error(
                "rows", for_staff("This sheet was printed with %(rows)s rows.") % {"rows": values["sheet"].rows}
            )
        if values["scan"] and PaperBatch.objects.of_scan(values["petition"], values["scan"]).exists():
            self.add_error("scan", for_staff("This scan has been registered already."))
        return values

    @transaction.atomic
    def register(self, by: AbstractBaseUser) -> PaperBatch:
        """Open a batch for the sheet. Raises AlreadyLoaded if somebody else has registered it meanwhile."""
        values = self.cleaned_data
        sheet: PaperSheet | None = values["sheet"] and lock_sheet(values["sheet"])
        scan = values["scan"] or keyed_hash(uuid4().hex, "sheet without a scan").hex()
        batch = loading.open_batch(
            petition=values["petition"],
            collected=Collected(values["collector"], values["place"], values["collected_on"]),
            source=ImportSource(scan),
            text=sheet.text if sheet else values["petition"].text_in(values["language"]),
            country=values["country"],
            rows=values["rows"] or (sheet.rows if sheet else PRINTED_ROWS),
            by=by,
        )
        if sheet:
            PaperSheet.objects.filter(pk=sheet.pk).update(batch=batch)
        return batch


def lock_sheet(sheet: PaperSheet) -> PaperSheet:
    """Lock the sheet, so that nobody else can register it before the transaction ends. Raises AlreadyLoaded."""
    locked = PaperSheet.objects.select_for_update(of=("self",)).select_related("text", "batch").get(pk=sheet.pk)
    if locked.batch and locked.batch.state != BatchState.UNDONE:
        raise loading.AlreadyLoaded(locked.batch)
    return locked


class PlaceForm(forms.Form):
    """The number of a page's first row on the sheet, which is posted back with the rows.

    Rows may come too late, if others were saved after their page was opened. They are then shown again with `is_late`
    set: they are likely to be the same rows, and are saved behind the others only if somebody says that they are not.

    Whoever calls a sheet done of which rows are empty is asked once, and has been if `is_asked` is set.
    """

    first = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    is_late = forms.BooleanField(required=False, widget=forms.HiddenInput)
    is_asked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    are_others = forms.BooleanField(
        label=for_staff_lazy("These are other rows of the sheet than those that were saved meanwhile"), required=False
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("is_late") and not values.get("are_others"):
            self.add_error("are_others", for_staff("Nothing was saved. Tick this if it is so; else leave this page."))
        return values


class RowForm(forms.Form):
    """One row as written. Enter goes on to the next page of rows; nothing is kept in readable form."""

    name = forms.CharField(
        label=for_staff_lazy("Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=for_staff_lazy("Address"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.CharField(
        label=for_staff_lazy("E-mail"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    country = CountryField(label=for_staff_lazy("Country"), required=False)
    rejected = forms.ChoiceField(label=for_staff_lazy("Counts?"), choices=REJECTIONS, required=False)

    def has_changed(self) -> bool:
        """Return whether anything was typed; a prefilled country alone makes no row."""
        return bool(set(self.changed_data) - {"country"})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        typed = {key: values.get(key, "") for key in ("name", "email", "address", "country")}
        try:
            values["row"] = RejectedRow(Reason(values["rejected"]), typed) if values.get("rejected") else read(**typed)
        except Fault as fault:
            told = for_staff("Choose the country.") if fault.reason == Reason.COUNTRY else fault.reason.label
            raise ValidationError({FIELD_OF.get(fault.reason, "name"): told}) from None
        return values

    @property
    def row(self) -> Person | RejectedRow:
        row: Person | RejectedRow = self.cleaned_data["row"]
        return row


class AgainForm(RowForm):
    """A row that is typed a second time."""

    def tell_differences(self, names: Iterable[str]) -> None:
        """Name the fields that were typed differently the first time, but not what was typed."""
        for name in names:
            self.add_error(name if name in self.fields else None, DIFFERENCES.get(name, DIFFERS))


def begin_where_needed(rows: Iterable[RowForm]) -> None:
    """Focus the first field with an error, else the first row."""
    some = list(rows)
    for form in ([form for form in some if form.errors] or some)[:1]:
        form.fields[next(iter(form.errors), "name")].widget.attrs["autofocus"] = True


RowFormSet = forms.formset_factory(RowForm, extra=ROWS_ON_A_PAGE, max_num=ROWS_ON_A_PAGE, validate_max=True)


def numbered(rows: BaseFormSet[RowForm], first: int, last: int | None) -> list[Numbered]:
    """Return the rows that were filled in, with their numbers on the sheet.

    Empty rows take up a number too, unless that would put the last row past the `last` of the sheet.
    """
    typed = [(number, form.row) for number, form in enumerate(rows, start=first) if form.has_changed()]
    if last is not None and typed and typed[-1][0] > last:
        return list(enumerate((row for _, row in typed), start=first))
    return typed
