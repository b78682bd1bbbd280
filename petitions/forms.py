"""The form that signs, and the one that asks for its mail again."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.fields import AddressField, CountryField, NameField
from campaign.forms import tokenless_form


class SignForm(forms.Form):
    name = NameField(
        label=_("Your full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("One mail goes there, with a link that makes your signature count."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "data-email-hint": ""}),
    )
    country = CountryField(
        label=_("Your country"),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    updates = forms.BooleanField(
        label=_("Yes, send me news of this campaign by e-mail. I can unsubscribe at any time with one click."),
        required=False,
    )

    @property
    def helper(self) -> FormHelper:
        helper = tokenless_form(_("Sign the petition"))
        helper.form_id = "sign"
        return helper


class ResendForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "data-email-hint": ""}),
    )
    to = forms.CharField(widget=forms.HiddenInput, max_length=4000)

    action = ""

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send the mail again"), action=self.action)


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{4}\s?\d{4}\s*$",
        label=_("Code from the mail"),
        help_text=_("Eight digits, if you read your mail on another device."),
        max_length=12,
        error_messages={"required": _("Enter the eight digits."), "invalid": _("Enter the eight digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    to = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    action = ""

    def clean_code(self) -> str:
        return "".join(character for character in self.cleaned_data["code"] if character.isdigit())

    def refuse(self) -> None:
        """The same words for a wrong code, too many tries, and an address that never signed."""
        self.add_error("code", _("This code is not right, or was tried too often. The link in the mail still works."))

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Confirm with the code"), action=self.action)


class AskForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("A link goes there, valid for two days. It is the address that you signed with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send me the link"))


class NameForm(forms.Form):
    name = NameField(label=_("Your full name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
