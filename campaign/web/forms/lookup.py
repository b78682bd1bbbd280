"""The form in which staff look up one address; it is posted, so that the address appears in no log."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator

from campaign.protection.limits import lookup_budget
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.forms.fields import AddressField


class LookUpForm(forms.Form):
    """Valid only if the person may still look up an address today; each valid one counts."""

    address = AddressField(
        is_written_to=False,
        label=for_staff_lazy("E-mail address"),
        help_text=for_staff_lazy(
            "Exactly one address. It is not stored; that you looked, why, and what was found, is."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    reason = forms.CharField(
        max_length=200,
        validators=[MinLengthValidator(5)],
        label=for_staff_lazy("Reason"),
        help_text=for_staff_lazy(
            "Why you must know, such as “asked us by mail to be deleted”. Write no name and no address."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data)
        self.by = by

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if "@" in reason:
            raise ValidationError(for_staff("Leave the address out: the reason is stored."), code="address")
        return reason

    def clean(self) -> dict[str, Any]:
        if not self.errors and not lookup_budget.spend(self.by):
            raise ValidationError(lookup_budget.SPENT, code="spent")
        return self.cleaned_data
