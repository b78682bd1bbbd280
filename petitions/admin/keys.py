"""The admin of a petition's public keys; the private half of each stays where it was made.

Before anybody has signed, the key is chosen on the petition's page. From then on it takes two people and a day.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from campaign.admin.permissions import NoChanging, NoDeleting
from campaign.secrecy.keypairs import checked
from campaign.staff.dual_control.admin import LISTED, DualControlAdmin
from campaign.translation import for_staff, for_staff_lazy
from petitions.admin.base import OfThePetitionAdmin
from petitions.models import KeyReplacement, Petition, PetitionKey
from petitions.signing.key_replacement import replace_key


class KeyForm(forms.ModelForm):
    public_key = forms.CharField(
        label=for_staff_lazy("Public key"),
        widget=forms.TextInput(attrs={"class": "vTextField", "size": 76, "autocomplete": "off", "spellcheck": "false"}),
        help_text=for_staff_lazy(
            "The whole line that `manage.py create_keypair` printed: 64 digits, a hyphen and 8 more."
        ),
    )

    def clean_public_key(self) -> str:
        try:
            return checked(self.cleaned_data["public_key"])
        except ValueError:
            raise ValidationError(
                for_staff(
                    "This is not what `create_keypair` printed: a digit is wrong or missing, or it is the private key."
                )
            ) from None


class KeyInline(NoChanging, NoDeleting, admin.StackedInline[PetitionKey, Petition]):
    """A new key is added here and chosen above, or by a replacement once somebody has signed.

    Signatures keep the key that they were sealed to.
    """

    model = PetitionKey
    form = KeyForm
    fields = ["public_key", "note", "created_at"]
    readonly_fields = ["created_at"]
    extra = 0


@admin.register(KeyReplacement)
class KeyReplacementAdmin(DualControlAdmin[KeyReplacement], OfThePetitionAdmin[KeyReplacement]):
    list_display = ["number", "petition", *LISTED, "done_at"]
    fields = ["petition", "key", "reason"]
    request_fields = ["petition", "new_key", "reason", "done_at"]

    @admin.display(description=for_staff_lazy("new key"))
    def new_key(self, replacement: KeyReplacement) -> str:
        return f"{replacement.key.public_key} {replacement.key.note}"

    def do(self, act: KeyReplacement, *, by: Any) -> str:
        replace_key(act, by=by)
        return for_staff("From now on signatures are sealed to the new key.")
