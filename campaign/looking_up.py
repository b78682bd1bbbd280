"""What staff fill in to ask about one address: by post, so that it stands in no log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.fields import AddressField


class LookUpForm(forms.Form):
    address = AddressField(
        is_written_to=False,
        label=_("E-mail address"),
        help_text=_("Exactly one address. It is not stored; that you looked, and what was found, is."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
