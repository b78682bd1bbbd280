"""Keys that staff add to a petition; the private half of each stays where it was made."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.secrecy.keypairs import checked
from petitions.models import Petition, PetitionKey


class KeyForm(forms.ModelForm):
    public_key = forms.CharField(
        label=_("Public key"),
        widget=forms.TextInput(attrs={"class": "vTextField", "size": 76, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The whole line that `manage.py create_keypair` printed: 64 digits, a hyphen and 8 more."),
    )

    def clean_public_key(self) -> str:
        try:
            return checked(self.cleaned_data["public_key"])
        except ValueError:
            raise ValidationError(
                _("This is not what `create_keypair` printed: a digit is wrong or missing, or it is the private key.")
            ) from None


class KeyInline(admin.StackedInline[PetitionKey, Petition]):
    """A new key is added here and chosen above; signatures keep the key that they were sealed to."""

    model = PetitionKey
    form = KeyForm
    fields = ["public_key", "note", "created_at"]
    readonly_fields = ["created_at"]
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False
