"""Forms for the login, passwords and the second factor.

Every password and code that is tried counts, and is given back if it was right
(campaign/protection/limits/login_throttle.py).
"""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from campaign import audit
from campaign.protection.inputs.typed_text import plain_line
from campaign.protection.limits import leaky_bucket
from campaign.protection.limits.login_throttle import TOO_MANY, login_drops
from campaign.secrecy import passages
from campaign.staff.login import failed_logins, known_devices, one_time_codes, second_factor
from campaign.staff.models import Factor
from campaign.translation import for_staff, for_staff_lazy

PURPOSE = "second factor"
ONE_TIME = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class LoginForm(AdminAuthenticationForm):
    """Says the same, and takes as long, whether or not there is an account of that name."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        is_known = known_devices.is_known_device(self.request, name)
        drops = login_drops(self.request, name, "login", is_known_device=is_known)
        if leaky_bucket.drip(drops):
            failed_logins.record_failure(failed_logins.LOCKED_OUT, name)
            raise ValidationError(TOO_MANY, code="throttled")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            failed_logins.record_failure(failed_logins.FAILED, name)
            raise
        if "username" in cleaned and "password" in cleaned:
            leaky_bucket.take_back(drops)
        return cleaned


class OwnPasswordForm(AdminPasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        audit.note("password.changed", by=self.user.get_username(), on=self.user)
        return super().save(commit)


def accept_typed_code(request: HttpRequest, user: User, typed: str) -> Factor:
    """Return the factor that accepts a code typed into a form; raises ValidationError."""
    name = user.get_username()
    drops = login_drops(request, name, "code", is_known_device=known_devices.is_known_device(request, name))
    if leaky_bucket.drip(drops):
        failed_logins.record_failure(failed_logins.LOCKED_OUT, name)
        raise ValidationError(TOO_MANY, code="throttled")
    factor = second_factor.accept_code(user, plain_line(typed))
    if factor is None:
        raise ValidationError(
            (
                for_staff(
                    "This code was not accepted. Each works once, so wait until the app shows the next one."
                    " After wrong codes the wait gets longer."
                )
            ),
            code="refused",
        )
    leaky_bucket.take_back(drops)
    return factor


class SecondFactorForm(forms.Form):
    """Asks for a code; `factor` is the one that accepted it."""

    factor: Factor | None = None
    code = forms.CharField(
        label=for_staff_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={**ONE_TIME, "autofocus": True}),
        help_text=for_staff_lazy("The six digits that the app on your phone shows now, or one of your recovery codes."),
    )

    def __init__(self, request: HttpRequest, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.request, self.user = request, user

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        self.factor = accept_typed_code(self.request, self.user, typed)
        return typed


class SetUpForm(SecondFactorForm):
    """The secret travels in the form itself, encrypted, until its first code proves that an app has it.

    Somebody with a second factor must also prove it by `code`; the new code is checked first, as the other works only
    once.
    """

    step: int | None = None
    field_order = ["new_code", "code"]
    new_code = forms.CharField(
        label=for_staff_lazy("Code of the new entry"),
        max_length=10,
        widget=forms.TextInput(attrs={**ONE_TIME, "inputmode": "numeric"}),
        help_text=for_staff_lazy("The six digits that the app shows for it now."),
    )

    def __init__(self, request: HttpRequest, user: User, data: Any = None) -> None:
        super().__init__(request, user, data)
        self.is_change = second_factor.is_set_up(user)
        if self.is_change:
            self.fields["code"].label = for_staff("Code of the present entry")
            del self.fields["code"].widget.attrs["autofocus"]
        else:
            del self.fields["code"]
        self.secret = self.secret_that_came() or one_time_codes.new_secret()
        self.passage = passages.in_form({"secret": self.secret, "user": user.pk}, PURPOSE)

    def secret_that_came(self) -> str | None:
        values = passages.read(self.data.get("passage", ""), PURPOSE) or {}
        return values.get("secret") if values.get("user") == self.user.pk else None

    def clean_new_code(self) -> str:
        typed: str = self.cleaned_data["new_code"]
        self.step = one_time_codes.step_of(plain_line(typed), self.secret)
        if self.step is None:
            raise ValidationError(
                for_staff("This is not the code of the entry above. See that the phone shows the right time."),
                code="refused",
            )
        return typed

    def clean_code(self) -> str:
        return self.cleaned_data["code"] if self.has_error("new_code") else super().clean_code()
