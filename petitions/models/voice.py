"""What a signer asked to have shown: a name, the country, a reason. Only signers who asked are shown."""

import json
from typing import Any, Self

from django.db import models
from django.db.models import Q

from campaign.secrecy.addresses import keyed_hash
from campaign.secrecy.encryption import EncryptedJSONField
from campaign.secrecy.periods.keys import Purpose
from campaign.translation import for_staff_lazy
from petitions.models.petition import Petition
from petitions.models.signature import Signature, State


class VoiceState(models.TextChoices):
    WAITING = "waiting", for_staff_lazy("to be read by a moderator")
    APPROVED = "approved", for_staff_lazy("shown")
    REFUSED = "refused", for_staff_lazy("not shown")


class VoiceQuerySet(models.QuerySet["Voice"]):
    def to_read(self) -> Self:
        """Return what waits for a moderator, of confirmed signers only: unconfirmed words may be anybody's."""
        return self.filter(state=VoiceState.WAITING, signature__state=State.CONFIRMED)

    def approved(self) -> Self:
        return self.filter(state=VoiceState.APPROVED)

    def refused(self) -> Self:
        """Return what was refused and can be read still."""
        return self.filter(state=VoiceState.REFUSED, words__isnull=False)


class Voice(models.Model):
    """A copy that may be shown, kept apart from what is sealed. It goes when its signature goes or no longer counts.

    `words` holds `name`, `country`, `reason` and `language`; they are under the key of a period unless a moderator
    has approved them, and deleted seven days after one has refused them.
    """

    signature = models.OneToOneField(
        Signature,
        on_delete=models.DO_NOTHING,  # the database deletes it with the signature (migration 0013)
        db_constraint=False,
        primary_key=True,
        related_name="voice",
        verbose_name=for_staff_lazy("signature"),
    )
    petition = models.ForeignKey(
        Petition,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="voices",
        verbose_name=for_staff_lazy("petition"),
    )
    words = EncryptedJSONField(null=True, editable=False, purpose=Purpose.SHORT)
    state = models.CharField(for_staff_lazy("state"), max_length=8, choices=VoiceState, default=VoiceState.WAITING)
    refused_on = models.DateField(for_staff_lazy("refused on"), null=True, editable=False)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = for_staff_lazy("reason of a signer")
        verbose_name_plural = for_staff_lazy("reasons of signers")
        indexes = [
            models.Index(fields=["signature"], name="voice_to_read", condition=Q(state="waiting")),
            models.Index(fields=["petition", "signature"], name="voice_shown", condition=Q(state="approved")),
        ]
        constraints = [
            models.CheckConstraint(
                name="voice_refused_is_silent",
                condition=Q(state="refused", words__isnull=True)
                | Q(state="refused", refused_on__isnull=False)
                | Q(state__in=["waiting", "approved"], words__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def said(self) -> dict[str, str]:
        """Return the words to show; empty once they were refused."""
        words: Any = self.words
        return words or {}

    @property
    def mark_of_words(self) -> str:
        """Return what differs once the signer says something else."""
        return keyed_hash(json.dumps(self.said, sort_keys=True), "words read").hex()
