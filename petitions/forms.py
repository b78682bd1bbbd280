"""What signers fill in: to sign, to have the mail again, to confirm by code, to see and change what is stored."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaign.fields import (
    AddressField,
    CountryField,
    LongSelect,
    NameField,
    OptionalNameField,
    PostalField,
    ReasonField,
)
from campaign.forms import tokenless_form, with_fixed_fields
from petitions.models import Petition


@with_fixed_fields
class SignForm(forms.Form):
    name = NameField(
        label=_("Your full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("One mail goes there, with a link that makes your signature count."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    country = CountryField(
        label=_("Your country"),
        widget=LongSelect(attrs={"autocomplete": "country"}),
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


def reason_field() -> ReasonField:
    return ReasonField(
        label=_("Why do you sign?"),
        help_text=_("It is sealed with your name and goes to the addressee. It is shown here only if you ask for it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def public_name_field() -> OptionalNameField:
    return OptionalNameField(
        label=_("Name to show"),
        help_text=_("Your first name is enough; or leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@with_fixed_fields
class AloudForm(SignForm):
    """For a petition that asks for reasons: all of it can be left out, and nothing is shown by itself."""

    reason = reason_field()
    is_public = forms.BooleanField(
        label=_("Show my reason, my country and the name below in public, on this page."),
        help_text=_(
            "Anybody can read and copy it, also people who may want to harm you or your family. It appears after you "
            "have confirmed and a moderator has read it. You can take it back; copies that others made stay."
        ),
        required=False,
    )
    public_name = public_name_field()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        said = Fieldset(_("If you like: your reason"), "reason", "is_public", "public_name")
        helper.layout = Layout("name", "email", "country", "updates", said)
        return helper


def form_for(petition: Petition, typed: QueryDict | None = None) -> SignForm:
    return AloudForm(typed) if petition.asks_why else SignForm(typed)


class PassageForm(forms.Form):
    """One of several on a page that all carry on what was typed before, so that its field has no id."""

    to = forms.CharField(widget=forms.HiddenInput(attrs={"id": False}), max_length=4000)
    action = ""


class ResendForm(PassageForm):
    email = AddressField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send the mail again"), action=self.action)


class CodeForm(PassageForm):
    code = forms.RegexField(
        r"^\s*\d{4}\s?\d{4}\s*$",
        label=_("Code from the mail"),
        help_text=_("Eight digits, if you read your mail on another device."),
        max_length=12,
        error_messages={"required": _("Enter the eight digits."), "invalid": _("Enter the eight digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """In the digits of the mail, whichever a keyboard writes."""
        return "".join(str(int(digit)) for digit in self.cleaned_data["code"] if digit.isdecimal())

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


AGAIN = _("It is sealed together with your name. To keep it, write it again; if you leave this empty, it is deleted.")


class NameForm(forms.Form):
    """What is sealed together can only be replaced together."""

    name = NameField(
        label=_("Your full name"),
        help_text=_(
            "Your e-mail address stays with it. Everything else that you wrote when you signed is deleted, "
            "unless you write it again here."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    postal = PostalField(
        label=_("Your postal address"),
        help_text=AGAIN,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    reason = ReasonField(label=_("Why do you sign?"), help_text=AGAIN, widget=forms.Textarea(attrs={"rows": 3}))


class VoiceForm(forms.Form):
    """What is shown in public."""

    public_name = public_name_field()
    reason = ReasonField(
        label=_("Reason to show"),
        help_text=_("A moderator reads it before it is shown. If you leave both empty, nothing about you is shown."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
