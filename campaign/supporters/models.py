"""Subscribers: who asked for news. A separate record that does not say what somebody signed."""

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from campaign.secrecy.encryption import EncryptedTextField


class Consent(models.Model):
    """A wording that people agreed to, kept for as long as anybody's record points at it."""

    purpose = models.CharField(_("purpose"), max_length=20, help_text=_("What it is asked for, such as “newsletter”."))
    language = models.CharField(_("language"), max_length=10)
    wording = models.TextField(_("wording"), help_text=_("Exactly what stood beside the box."))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        constraints = [models.UniqueConstraint(fields=["purpose", "language", "wording"], name="consent_wording_once")]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.language}) {self.wording[:40]}"


class SubscriberState(models.TextChoices):
    PENDING = "pending", _("pending")
    CONFIRMED = "confirmed", _("confirmed")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def confirmed(self) -> Self:
        return self.filter(state=SubscriberState.CONFIRMED)

    def by_language(self) -> list[tuple[str, int]]:
        """Most first."""
        return list(self.values_list("language").annotate(number=Count("pk")).order_by("-number", "language"))

    def pending(self) -> Self:
        return self.filter(state=SubscriberState.PENDING)

    def unsubscribe(self) -> int:
        """Forget their addresses; those who had left before keep their day."""
        left = {"state": SubscriberState.UNSUBSCRIBED, "address": None, "token_digest": None}
        return self.update(**left, unsubscribed_at=Coalesce("unsubscribed_at", Now()))

    def with_token(self, token_digest: bytes) -> Self:
        return self.filter(token_digest=token_digest)

    def with_unsubscribe_token(self, token_digest: bytes) -> Self:
        return self.filter(unsubscribe_digest=token_digest)


class Subscriber(models.Model):
    """`token_digest` finds the row for the link that confirms it and is cleared then; `unsubscribe_digest` stays."""

    fingerprint = models.BinaryField(unique=True, editable=False)
    address = EncryptedTextField(null=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en")
    state = models.CharField(_("state"), max_length=12, choices=SubscriberState, default=SubscriberState.PENDING)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, verbose_name=_("consent"))
    nonce = models.BinaryField(editable=False)
    token_digest = models.BinaryField(null=True, unique=True, editable=False)
    unsubscribe_digest = models.BinaryField(unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed at"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [
            models.CheckConstraint(
                name="subscriber_address_gone_when_unsubscribed",
                condition=Q(state="unsubscribed", address__isnull=True) | ~Q(state="unsubscribed"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"
