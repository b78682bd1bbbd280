"""The form with which visitors ask for news."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.web.forms.fields import AddressField
from campaign.web.forms.layout import tokenless_form


class NewsletterForm(forms.Form):
    email = AddressField(
        label=_("Your email address"),
        help_text=_("We will send one email to this address, with a link that starts your subscription."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send me news"))
