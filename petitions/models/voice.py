"""What a signer asked to have shown: a name, the country, a reason. Nobody is shown who did not ask."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.secrecy.encryption import EncryptedJSONField
from petitions.models.petition import Petition
from petitions.models.signature import Signature, State


class VoiceState(models.TextChoices):
    WAITING = "waiting", _("to be read by a moderator")
    APPROVED = "approved", _("shown")
    REFUSED = "refused", _("not shown")


class VoiceQuerySet(models.QuerySet["Voice"]):
    def to_read(self) -> Self:
        """Of people who have confirmed: before that it may be anybody's."""
        return self.filter(state=VoiceState.WAITING, signature__state=State.CONFIRMED)

    def approved(self) -> Self:
        return self.filter(state=VoiceState.APPROVED)


class Voice(models.Model):
    """A copy made to be shown, beside what is sealed. It goes when its signature goes or no longer counts.

    `words` holds `name`, `country`, `reason` and `language`; nothing is left of them once a moderator has refused.
    """

    signature = models.OneToOneField(
        Signature,
        on_delete=models.DO_NOTHING,  # the database does: it goes with the signature (migration 0013)
        db_constraint=False,
        primary_key=True,
        related_name="voice",
        verbose_name=_("signature"),
    )
    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, db_index=False, related_name="voices", verbose_name=_("petition")
    )
    words = EncryptedJSONField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=VoiceState, default=VoiceState.WAITING)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("reason of a signer")
        verbose_name_plural = _("reasons of signers")
        indexes = [
            models.Index(fields=["signature"], name="voice_to_read", condition=Q(state="waiting")),
            models.Index(fields=["petition", "signature"], name="voice_shown", condition=Q(state="approved")),
        ]
        constraints = [
            models.CheckConstraint(
                name="voice_refused_is_silent",
                condition=Q(state="refused", words__isnull=True)
                | Q(state__in=["waiting", "approved"], words__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def said(self) -> dict[str, str]:
        """Empty once it was refused."""
        words: Any = self.words
        return words or {}
