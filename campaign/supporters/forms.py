"""The form that asks for news."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.fields import AddressField


class NewsletterForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("One mail goes there, with a link that begins the subscription."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.disable_csrf = True  # the page is cached for everybody; see campaign/protection/origin.py
        helper.add_input(Submit("subscribe", _("Send me news")))
        return helper
