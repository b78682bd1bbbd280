"""The forms with which visitors ask for news, and for the way out."""

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.web.forms.fields import AddressField
from campaign.web.forms.layout import ELSEWHERE, tokenless_form


class NewsletterForm(forms.Form):
    email = AddressField(
        label=_("Your email address"),
        help_text=_("We will send one email to this address, with a link that starts your subscription."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send me news"), action=reverse("supporters:newsletter") + ELSEWHERE)


class LeaveForm(forms.Form):
    """Stands on one page with the other, so its field has an id of its own."""

    email = AddressField(
        label=_("Your email address"),
        help_text=_("A link to unsubscribe will be sent to this address, valid for two days."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send me the link"), action=reverse("supporters:newsletter-ask-to-leave") + ELSEWHERE)
