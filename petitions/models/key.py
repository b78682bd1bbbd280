"""The keys that signatures of a petition are sealed to."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.secrecy.keypairs import is_public_key
from petitions.models.petition import Petition


def validate_public_key(text: str) -> None:
    if not is_public_key(text):
        raise ValidationError(_("Nothing can be sealed to this key. Take one that `manage.py create_keypair` printed."))


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Without its check, and in one spelling: the private key is found by it."""
        self.public_key = self.public_key.partition("-")[0].strip().lower()
        super().save(*args, **kwargs)
