"""Forms of passwords and of the second factor. Each code that is tried counts (campaign/protection/logins.py)."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign import audit
from campaign.protection.logins import TOO_MANY, may_try
from campaign.secrecy import passages
from campaign.staff import codes, second_factor
from campaign.staff.models import Factor

PURPOSE = "second factor"
ONE_TIME = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class OwnPasswordForm(AdminPasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        audit.note("password.changed", by=self.user.get_username(), on=self.user)
        return super().save(commit)


class CodeForm(forms.Form):
    """`factor` is what accepted the code."""

    factor: Factor | None = None
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={**ONE_TIME, "autofocus": True}),
        help_text=_("The six digits that the app on your phone shows now, or one of your recovery codes."),
    )

    def __init__(self, request: HttpRequest, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.request, self.user = request, user

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not may_try(self.request, self.user.get_username(), "code"):
            raise ValidationError(TOO_MANY, code="throttled")
        self.factor = second_factor.accept(self.user, typed)
        if self.factor is None:
            raise ValidationError(
                _(
                    "This code was not accepted. Each works once, so wait until the app shows the next one."
                    " After wrong codes the wait gets longer."
                ),
                code="refused",
            )
        return typed


class SetUpForm(CodeForm):
    """The secret travels in the form itself, unreadable there, until its first code proves that an app has it.

    Who has a second factor already shows it too, by `code`; the new one is looked at first, as the other works once.
    """

    step: int | None = None
    field_order = ["new_code", "code"]
    new_code = forms.CharField(
        label=_("Code of the new entry"),
        max_length=10,
        widget=forms.TextInput(attrs={**ONE_TIME, "inputmode": "numeric"}),
        help_text=_("The six digits that the app shows for it now."),
    )

    def __init__(self, request: HttpRequest, user: User, data: Any = None) -> None:
        super().__init__(request, user, data)
        self.is_change = second_factor.is_set_up(user)
        if self.is_change:
            self.fields["code"].label = _("Code of the present entry")
            del self.fields["code"].widget.attrs["autofocus"]
        else:
            del self.fields["code"]
        self.secret = self.secret_that_came() or codes.new_secret()
        self.passage = passages.wrap({"secret": self.secret, "user": user.pk}, PURPOSE)

    def secret_that_came(self) -> str | None:
        values = passages.unwrap(self.data.get("passage", ""), PURPOSE) or {}
        return values.get("secret") if values.get("user") == self.user.pk else None

    def clean_new_code(self) -> str:
        typed: str = self.cleaned_data["new_code"]
        self.step = codes.step_of(typed, self.secret)
        if self.step is None:
            raise ValidationError(
                _("This is not the code of the entry above. See that the phone shows the right time."), code="refused"
            )
        return typed

    def clean_code(self) -> str:
        return self.cleaned_data["code"] if self.has_error("new_code") else super().clean_code()
