"""The form that asks for news."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.fields import AddressField
from campaign.forms import tokenless_form


class NewsletterForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("One mail goes there, with a link that begins the subscription."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send me news"))
