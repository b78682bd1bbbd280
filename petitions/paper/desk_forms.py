"""Forms of the desk where sheets are printed, registered and typed."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseFormSet
from django.utils.translation import gettext_lazy as _

from campaign.fields import CountryField
from campaign.secrecy.addresses import keyed_hash
from petitions.models import PaperBatch, PaperSheet
from petitions.models.paper import Reason
from petitions.paper import importing, sheets
from petitions.paper.entering import Numbered, Rejected
from petitions.paper.forms import CollectedForm, PetitionField, ScanField
from petitions.paper.importing import Collected, Source
from petitions.paper.rows import Fault, Person, read

FIELD_OF = {
    Reason.EMAIL: "email", Reason.COUNTRY: "country", Reason.ADDRESS_LONG: "address", Reason.NO_ADDRESS: "address",
}  # fmt: skip
REJECTIONS = [
    ("", _("counts")),
    *((reason.value, reason.label) for reason in (Reason.STRUCK, Reason.UNREADABLE, Reason.INVENTED)),
]
ROWS_AT_A_TIME = 10


class PrintForm(forms.Form):
    petition = PetitionField()
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("English where the petition has no text in it.")
    )
    copies = forms.IntegerField(
        label=_("Number of sheets"),
        min_value=1,
        max_value=sheets.MOST,
        initial=10,
        help_text=_("Each gets its own number."),
    )


class RegisterForm(CollectedForm):
    """A sheet that has come back."""

    sheet = forms.ModelChoiceField(
        PaperSheet.objects.out(),
        required=False,
        label=_("Sheet number"),
        widget=forms.NumberInput(attrs={"autofocus": True}),
        help_text=_("As printed in its corner; empty for other paper."),
        error_messages={"invalid_choice": _("No such sheet is out: never printed, or registered already.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of other paper."))
    country = CountryField(label=_("Country"), required=False, help_text=_("Filled in beforehand in every row."))
    scan = ScanField(
        label=_("SHA-256 of the scan"),
        required=False,
        help_text=_("The same scan is refused a second time. Empty: not scanned."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if values["sheet"] and values["sheet"].text.petition_id != values["petition"].pk:
            self.add_error("sheet", _("This sheet belongs to another petition."))
        if values["scan"] and PaperBatch.objects.of_scan(values["petition"], values["scan"]).exists():
            self.add_error("scan", _("This scan has been registered already."))
        return values

    @transaction.atomic
    def register(self, by: AbstractBaseUser) -> PaperBatch:
        values = self.cleaned_data
        sheet: PaperSheet | None = values["sheet"]
        scan = values["scan"] or keyed_hash(uuid4().hex, "sheet without a scan").hex()
        batch = importing.open_batch(
            petition=values["petition"],
            collected=Collected(values["collector"], values["place"], values["collected_on"]),
            source=Source(scan),
            text=sheet.text if sheet else values["petition"].text_in(values["language"]),
            country=values["country"],
            by=by,
        )
        if sheet:
            PaperSheet.objects.filter(pk=sheet.pk).update(batch=batch)
        return batch


class FirstRowForm(forms.Form):
    """Where on the sheet the rows of a page begin, which comes back with them."""

    first = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class RowForm(forms.Form):
    """One row as written. Enter goes on to the next page of rows; nothing is kept readable."""

    name = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    address = forms.CharField(label=_("Address"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.CharField(label=_("E-mail"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    country = CountryField(label=_("Country"), required=False)
    rejected = forms.ChoiceField(label=_("Counts?"), choices=REJECTIONS, required=False)

    def has_changed(self) -> bool:
        """A country that was filled in beforehand makes no row."""
        return bool(set(self.changed_data) - {"country"})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        typed = {key: values.get(key, "") for key in ("name", "email", "address", "country")}
        try:
            values["row"] = Rejected(Reason(values["rejected"]), typed) if values.get("rejected") else read(**typed)
        except Fault as fault:
            told = _("Choose the country.") if fault.reason == Reason.COUNTRY else fault.reason.label
            raise ValidationError({FIELD_OF.get(fault.reason, "name"): told}) from None
        return values

    @property
    def row(self) -> Person | Rejected:
        row: Person | Rejected = self.cleaned_data["row"]
        return row


def begin_where_needed(rows: Iterable[RowForm]) -> None:
    """The keyboard begins at the first fault, else at the first row."""
    some = list(rows)
    for form in ([form for form in some if form.errors] or some)[:1]:
        form.fields[next(iter(form.errors), "name")].widget.attrs["autofocus"] = True


RowFormSet = forms.formset_factory(RowForm, extra=ROWS_AT_A_TIME, max_num=ROWS_AT_A_TIME, validate_max=True)


def numbered(rows: BaseFormSet[RowForm], first: int) -> list[Numbered]:
    """The rows that were filled in, with their numbers on the sheet; one that was left empty has its number all the
    same."""
    return [(number, form.row) for number, form in enumerate(rows, start=first) if form.has_changed()]
