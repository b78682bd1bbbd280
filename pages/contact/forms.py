"""The contact form, and how it keeps robots out without a script, a picture puzzle or another site.

Robots fill in every field, even one that people do not see, and they do it at once. What they send gets the same
answer.
"""

import math
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.database import clock
from campaign.protection.inputs.typed_text import is_storable
from campaign.web.forms.fields import AddressField
from campaign.web.forms.layout import ELSEWHERE, tokenless_form

SHORTEST, LONGEST = 3, 24 * 3600  # seconds between opening the form and sending it
FORM_SALT = "pages.contact"


class MessageField(forms.CharField):
    widget = forms.Textarea({"rows": 10})

    def to_python(self, value: Any) -> str:
        """Return the text with the ends of lines as a browser counts them: one character each."""
        text = str(super().to_python(value) or "").replace("\r\n", "\n")
        if not is_storable(text):
            raise ValidationError(_("Your text contains characters that cannot be sent. Enter it again."))
        return text


class ContactForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=100, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = AddressField(
        label=_("Your email address"),
        help_text=_("We will reply to this address. It is not used for anything else."),
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )
    message = MessageField(
        label=_("Your message"), max_length=5000, error_messages={"required": _("Write your message.")}
    )
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        helper = tokenless_form(pgettext_lazy("a message", "Send"), action=ELSEWHERE)
        helper.layout = Layout("name", "email", "message", Div("website", hidden=""), "opened")
        return helper

    def clean_name(self) -> str:
        """Return the name on one line, since the mail shows it on one."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any] | None:
        if self.age() > LONGEST:
            self.data = renewed(self.data)
            raise ValidationError(_("The form was open for too long. Nothing is lost: please send it again."))
        return super().clean()

    def age(self) -> float:
        """Return the seconds since the form was opened; infinity if the time is forged."""
        try:
            return clock.now().timestamp() - float(signing.loads(self.data.get("opened", ""), salt=FORM_SALT))
        except signing.BadSignature:
            return math.inf

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.cleaned_data["website"]) or self.age() < SHORTEST


def renewed(data: Any) -> Any:
    """Return what was typed, as if the form had been opened just now."""
    copy = data.copy()
    copy["opened"] = opened_now()
    return copy


def opened_now() -> str:
    return signing.dumps(int(clock.now().timestamp()), salt=FORM_SALT)
