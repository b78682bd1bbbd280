"""The keys that signatures of a petition are sealed to."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.secrecy.sealing import is_public_key
from petitions.models.petition import Petition


def validate_public_key(text: str) -> None:
    if not is_public_key(text):
        raise ValidationError(_("A public key is 64 hexadecimal characters, as `create_keypair` prints it."))


class PetitionKey(models.Model):
    """A public key. Its private half was made elsewhere and is kept by the coalition, never on this server."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="keys")
    public_key = models.CharField(_("public key"), max_length=64, unique=True, validators=[validate_public_key])
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Who keeps the private key, and where."))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("petition key")
        verbose_name_plural = _("petition keys")

    def __str__(self) -> str:
        return f"{self.public_key[:12]}… {self.note}"
