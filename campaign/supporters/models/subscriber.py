"""Subscribers, who asked for news: a separate record that does not say what somebody signed."""

from typing import Self

from django.db import models, transaction
from django.db.models import Case, Count, F, Func, Q, Value, When
from django.db.models.functions import Now

from campaign.journal import journal
from campaign.outbox.suppressions import Cause
from campaign.secrecy.encryption import EncryptedTextField
from campaign.supporters.models.consent import Consent
from campaign.supporters.models.imports import SubscriberImport
from campaign.translation import for_staff, for_staff_lazy


class ClockTimestamp(Func):
    """The time at which a row is written, after whoever had it locked; `Now` is when the statement began."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class SubscriberState(models.TextChoices):
    PENDING = "pending", for_staff_lazy("pending")
    JOINING = "joining", for_staff_lazy("confirmed; joins with others")
    CONFIRMED = "confirmed", for_staff_lazy("confirmed")
    UNSUBSCRIBED = "unsubscribed", for_staff_lazy("unsubscribed")


class SubscriptionEnding(models.TextChoices):
    """What ended a subscription instead of its owner. “It wasn't me” is not among it, as it tells of signing."""

    BOUNCE = Cause.BOUNCE.value, for_staff_lazy("mail came back")
    COMPLAINT = Cause.COMPLAINT.value, for_staff_lazy("complaint")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def joined(self) -> Self:
        """Return those who are subscribers or have been, which is what staff are shown.

        Whoever has asked and not joined yet is left out: that row comes from the form of the newsletter, and one who
        becomes a subscriber without having had it ticked the box while signing.
        """
        return self.filter(confirmed_at__isnull=False)

    def confirmed(self) -> Self:
        return self.filter(state=SubscriberState.CONFIRMED)

    def by_language(self) -> list[tuple[str, int]]:
        """Return each language with its number of subscribers, most first."""
        return list(self.values_list("language").annotate(number=Count("pk")).order_by("-number", "language"))

    def pending(self) -> Self:
        return self.filter(state=SubscriberState.PENDING)

    def unconfirmed(self) -> Self:
        return self.filter(state__in=[SubscriberState.PENDING, SubscriberState.JOINING])

    @transaction.atomic
    def unsubscribe(self, ended_by: str = "") -> int:
        """Forget their addresses; return how many. Those who had unsubscribed before keep their date.

        `ended_by` is a SubscriptionEnding, or empty where it was their own wish; of a subscription that was not
        confirmed it says nothing.
        """
        leaving = self.exclude(state=SubscriberState.UNSUBSCRIBED).only("fingerprint")
        lines: list[dict[str, str | int]] = [
            {"id": one.pk, "mark": one.mark, "of": bytes(one.fingerprint).hex()} for one in leaving
        ]
        journal.record_many("unsubscribed", lines)
        before = When(state=SubscriberState.UNSUBSCRIBED, then=F("unsubscribed_at"))
        left = {"state": SubscriberState.UNSUBSCRIBED, "address": None, "token_digest": None}
        ends = When(state=SubscriberState.CONFIRMED, then=Value(ended_by))
        ended = {"ended_by": Case(ends, default=F("ended_by"))}
        return self.update(**left, **ended, unsubscribed_at=Case(before, default=ClockTimestamp()))

    def with_token(self, token_digest: bytes) -> Self:
        return self.filter(token_digest=token_digest)

    def with_unsubscribe_token(self, token_digest: bytes) -> Self:
        return self.filter(unsubscribe_digest=token_digest)


class Subscriber(models.Model):
    """Somebody who asked for news, or whose consent came with an import.

    `country` and `source` are known of imported ones alone: nothing is kept of how somebody joined here.

    `token_digest` finds the row for the confirming link and is cleared on unsubscribing; `unsubscribe_digest` is the
    same for every subscription of an address (campaign/supporters/subscriptions.py).
    """

    fingerprint = models.BinaryField(unique=True, editable=False)
    address = EncryptedTextField(null=True, editable=False)
    language = models.CharField(for_staff_lazy("language"), max_length=10, default="en")
    country = models.CharField(for_staff_lazy("country"), max_length=2, blank=True, default="", db_default="")
    source = models.ForeignKey(
        SubscriberImport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="subscribers",
        verbose_name=for_staff_lazy("import"),
    )
    state = models.CharField(
        for_staff_lazy("state"), max_length=12, choices=SubscriberState, default=SubscriberState.PENDING
    )
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, verbose_name=for_staff_lazy("consent"))
    nonce = models.BinaryField(editable=False)
    token_digest = models.BinaryField(null=True, unique=True, editable=False)
    unsubscribe_digest = models.BinaryField(unique=True, editable=False)
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())
    confirmed_at = models.DateTimeField(for_staff_lazy("confirmed at"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(for_staff_lazy("unsubscribed at"), null=True, blank=True)
    ended_by = models.CharField(
        for_staff_lazy("ended by"), max_length=9, choices=SubscriptionEnding, blank=True, default="", db_default=""
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("subscriber")
        verbose_name_plural = for_staff_lazy("subscribers")
        constraints = [
            models.CheckConstraint(
                name="subscriber_address_gone_when_unsubscribed",
                condition=Q(state="unsubscribed", address__isnull=True) | ~Q(state="unsubscribed"),
            )
        ]
        indexes = [
            models.Index(
                fields=["language", "country", "source"], name="subscriber_segment", condition=Q(state="confirmed")
            ),
            models.Index(fields=["source"], name="subscriber_source", condition=Q(source__isnull=False)),
            models.Index(fields=["unsubscribed_at"], name="subscriber_left", condition=Q(state="unsubscribed")),
        ]
        permissions = [("find_subscriber", "Can look up a subscriber by address")]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"

    @property
    def standing(self) -> str:
        """How it stands, in words: whoever had left and has asked again is told of as one who left."""
        return for_staff("subscribed") if self.state == SubscriberState.CONFIRMED else for_staff("left")

    @property
    def mark(self) -> str:
        """What tells them in the journal from another who got their number after a restore."""
        return journal.mark("subscriber", self.pk, bytes(self.fingerprint).hex())
