"""The public keys that signatures of a petition are sealed to, and requests to replace the one in use."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now

from campaign.audit import Detail
from campaign.secrecy.keypairs import is_public_key
from campaign.staff.dual_control.models import DualControlled, DualControlQuerySet
from campaign.translation import for_staff, for_staff_lazy
from petitions.models.petition import Petition


def validate_public_key(text: str) -> None:
    if not is_public_key(text):
        raise ValidationError(
            for_staff("Nothing can be sealed to this key. Take one that `manage.py create_keypair` printed.")
        )


class PetitionKey(models.Model):
    """A public key. Its private half was made elsewhere and is kept by the coalition, never on this server."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="keys")
    public_key = models.CharField(
        for_staff_lazy("public key"), max_length=64, unique=True, validators=[validate_public_key]
    )
    note = models.CharField(
        for_staff_lazy("note"),
        max_length=200,
        blank=True,
        help_text=for_staff_lazy("Who keeps the private key, and where."),
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())

    class Meta:
        verbose_name = for_staff_lazy("petition key")
        verbose_name_plural = for_staff_lazy("petition keys")

    def __str__(self) -> str:
        return f"{self.public_key[:12]}… {self.note}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the key without its checksum and in lower case, since private keys are matched by it."""
        self.public_key = self.public_key.partition("-")[0].strip().lower()
        super().save(*args, **kwargs)


class KeyReplacementQuerySet(DualControlQuerySet["KeyReplacement"]):
    def for_work(self) -> Self:
        return super().for_work().select_related("petition", "key").prefetch_related("petition__texts")


class KeyReplacement(DualControlled):
    """Under dual control, since whoever alone could choose a key could read all who sign from then on."""

    permission = "petitions.replace_key"
    warning = for_staff_lazy(
        "Whoever has the private half of that key reads all who sign from then on; without it nobody does."
    )

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, verbose_name=for_staff_lazy("petition"), related_name="+"
    )
    key = models.ForeignKey(
        PetitionKey,
        on_delete=models.PROTECT,
        verbose_name=for_staff_lazy("new key"),
        related_name="+",
        help_text=for_staff_lazy("One that was added on the petition's page and is not in use."),
    )
    reason = models.CharField(
        for_staff_lazy("reason"),
        max_length=300,
        help_text=for_staff_lazy("Why the present key is replaced, and who keeps the new private key."),
    )
    done_at = models.DateTimeField(for_staff_lazy("done at"), null=True)

    objects = KeyReplacementQuerySet.as_manager()

    class Meta(DualControlled.Meta):
        verbose_name = for_staff_lazy("replacement of a key")
        verbose_name_plural = for_staff_lazy("replacements of keys")
        default_permissions = ()
        permissions = [("replace_key", "Can replace the key of a signed petition, with a second person's approval")]

    def __str__(self) -> str:
        return for_staff("replacement %(pk)s of the key of %(petition)s") % {"pk": self.pk, "petition": self.petition}

    def clean(self) -> None:
        if not self.key_id or not self.petition_id:
            return
        if self.key.petition_id != self.petition_id:
            raise ValidationError({"key": for_staff("This key belongs to another petition.")})
        if self.key_id == self.petition.active_key_id:
            raise ValidationError({"key": for_staff("This key is in use already.")})

    @property
    def title(self) -> str:
        return for_staff("Another key for “%(petition)s”") % {"petition": self.petition}

    @property
    def deed(self) -> str:
        return for_staff("new signatures of this petition are sealed to the key %(public_key)s") % {
            "public_key": self.key.public_key
        }

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def details(self) -> dict[str, Detail]:
        return {"petition": self.petition_id, "key": self.key_id}
