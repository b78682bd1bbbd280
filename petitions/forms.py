"""The form that signs, and the one that asks for its mail again."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.fields import AddressField, CountryField, NameField


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
        helper = FormHelper()
        helper.disable_csrf = True  # the page is cached for everybody; see campaign/protection/origin.py
        helper.form_id = "sign"
        helper.attrs = {"novalidate": ""}
        helper.add_input(Submit("sign", _("Sign the petition")))
        return helper


class ResendForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "data-email-hint": ""}),
    )
    to = forms.CharField(widget=forms.HiddenInput, max_length=4000)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.disable_csrf = True
        helper.attrs = {"novalidate": ""}
        helper.add_input(Submit("resend", _("Send the mail again")))
        return helper
