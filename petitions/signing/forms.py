"""The signers' forms: sign, have the mail sent again, confirm by code, see and change what is stored."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Hidden, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaign.web.forms.fields import (
    AddressField,
    CodeField,
    CountryField,
    CountrySelect,
    NameField,
    OptionalNameField,
    PostalField,
    ReasonField,
    with_fixed_fields,
)
from campaign.web.forms.layout import ELSEWHERE, tokenless_form
from petitions.models import Petition
from petitions.signing import consent


@with_fixed_fields
class SignForm(forms.Form):
    name = NameField(
        label=_("Your full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your email address"),
        help_text=_("We will send one email to this address, with a link to confirm your signature."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    country = CountryField(
        label=_("Your country"),
        widget=CountrySelect(attrs={"autocomplete": "country"}),
    )
    updates = forms.BooleanField(
        label=_("Yes, send me news of this campaign by email. I can unsubscribe at any time with one click."),
        required=False,
    )

    petition: Petition

    @property
    def helper(self) -> FormHelper:
        helper = tokenless_form(_("Sign the petition"), action=ELSEWHERE)
        helper.form_id = "sign"
        for name, value in words_shown(self.petition).items():
            helper.add_input(Hidden(name, value))
        return helper


def reason_field() -> ReasonField:
    return ReasonField(
        label=_("Why are you signing?"),
        help_text=_(
            "Your reason is sealed with your name and goes to the addressee. It is shown here only if you ask for that."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def public_name_field() -> OptionalNameField:
    return OptionalNameField(
        label=_("Name to show"),
        help_text=_("Your first name is enough, or you can leave this empty."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@with_fixed_fields
class AloudForm(SignForm):
    """The form of a petition that asks for reasons: they are optional, and shown only if the signer asks for it."""

    reason = reason_field()
    is_public = forms.BooleanField(
        label=_("Show my reason, my country and the name entered below in public, on this page."),
        help_text=_(
            "Anyone can read and copy it, including people who may want to harm you or your family. It appears "
            "after you have confirmed and a moderator has read it. You can withdraw it, but copies that others "
            "have made will remain."
        ),
        required=False,
    )
    public_name = public_name_field()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        said = Fieldset(_("Your reason, if you would like to give one"), "reason", "is_public", "public_name")
        helper.layout = Layout("name", "email", "country", "updates", said)
        return helper


def form_for(petition: Petition, typed: QueryDict | None = None) -> SignForm:
    form = AloudForm(typed) if petition.asks_why else SignForm(typed)
    form.petition = petition
    return form


def words_shown(petition: Petition) -> dict[str, str]:
    """Return what names the words on the page, also when it shows again what was typed on a page of earlier words."""
    marked = consent.mark(get_language() or "en", consent.wording(petition))
    return {"text": str(petition.text.pk or ""), "consent": marked}


def words_named(posted: QueryDict) -> dict[str, str]:
    """Return what names the words of the page that was posted; empty if it came without."""
    return {name: posted.get(name, "") for name in ("text", "consent")}


class PassageForm(forms.Form):
    """A form that carries on what was typed before; a page has several of them, so the hidden field has no id."""

    to = forms.CharField(widget=forms.HiddenInput(attrs={"id": False}), max_length=4000)
    action = ""


class ResendForm(PassageForm):
    email = AddressField(
        label=_("Your email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send the email again"), action=self.action)


class ConfirmByCodeForm(PassageForm):
    code = CodeField(
        r"^\s*\d{4}\s?\d{4}\s*$",
        label=_("Code from the email"),
        help_text=_("Eight digits, if you read your email on another device."),
        max_length=12,
        error_messages={"required": _("Enter the eight digits."), "invalid": _("Enter the eight digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Return the digits as the mail has them, whichever digits the keyboard writes."""
        return "".join(str(int(digit)) for digit in self.cleaned_data["code"] if digit.isdecimal())

    def refuse(self) -> None:
        """Add the same error for a wrong code, too many tries, and an address that never signed."""
        self.add_error(
            "code",
            _("This code is not correct, or there have been too many attempts. The link in the email still works."),
        )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Confirm with the code"), action=self.action)


class AskForm(forms.Form):
    email = AddressField(
        label=_("Your email address"),
        help_text=_("Enter the email address that you signed with. A link will be sent there, valid for two days."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    @property
    def helper(self) -> FormHelper:
        return tokenless_form(_("Send me the link"))


WRITE_AGAIN = _(
    "What is stored now is sealed together with your name. To keep it, enter it again; if you leave this field empty, "
    "it is deleted."
)


class NameForm(forms.Form):
    """Replaces what is sealed with a signature: it was sealed together, so it can only be replaced together."""

    name = NameField(
        label=_("Your full name"),
        help_text=_(
            "Your email address stays with your signature. Everything else that you entered when you signed is "
            "deleted, unless you enter it again here."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    postal = PostalField(
        label=_("Your postal address"),
        help_text=WRITE_AGAIN,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    reason = ReasonField(
        label=_("Why are you signing?"), help_text=WRITE_AGAIN, widget=forms.Textarea(attrs={"rows": 3})
    )


class VoiceForm(forms.Form):
    """Changes what is shown in public."""

    public_name = public_name_field()
    reason = ReasonField(
        label=_("Reason to show"),
        help_text=_(
            "A moderator reads your reason before it is shown. If you leave both fields empty, nothing about you is "
            "shown."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
