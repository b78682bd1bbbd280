"""A letter's way to the office: its state, and each try."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.secrecy.encryption import EncryptedTextField
from letters.models.letters import Letter
from letters.models.offices import ChannelName, Office
from letters.states import NotAllowed, State, check

UNSETTLED = [State.READY, State.SENDING, State.UNKNOWN, State.REJECTED, State.DEAD, State.NEEDS_CONSTITUENT]
BEFORE_ANY_CHANNEL = [State.UNCONFIRMED, State.READY, State.WITHDRAWN, State.DEAD]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def ready(self) -> Self:
        return self.filter(state=State.READY)

    def held(self) -> Self:
        """Ready, but waiting for staff."""
        return self.ready().exclude(held_because="")

    def in_line(self, channel: str) -> Self:
        """Ready, but waiting for this channel's turn."""
        return self.ready().filter(queued_for=channel)

    def waiting_for(self, channel: Any) -> Self:
        """Ready, not held for staff, and in line for this channel or tried by it; it may be an OuterRef."""
        return self.ready().filter(Q(queued_for=channel) | Q(channel=channel), held_because="")

    def for_hand(self) -> Self:
        """What the constituent can still do themself, and has not said to have done."""
        by_hand = self.filter(state__in=[State.NEEDS_CONSTITUENT, State.DEAD], sent_by_hand_at__isnull=True)
        return by_hand.filter(letter__content__isnull=False)

    def readable(self) -> Self:
        """Not yet erased."""
        return self.filter(letter__content__isnull=False)

    def stuck(self) -> Self:
        return self.filter(state__in=[State.UNKNOWN, State.REJECTED, State.DEAD]) | self.held()

    def summary(self) -> list[dict[str, Any]]:
        """Number and oldest confirmation of what is not yet settled, by state."""
        rows = (
            self.filter(state__in=UNSETTLED)
            .order_by()
            .values("state")
            .annotate(number=Count("pk"), oldest=Min("ready_at"))
        )
        return list(rows.order_by("state"))

    def with_letter(self) -> Self:
        return self.select_related("letter__office", "letter__constituent__campaign")

    def of_constituent(self, constituent_id: int) -> Self:
        mine = self.filter(letter__constituent=constituent_id)
        return mine.with_letter().order_by("letter__office__senate_class")

    def standing(self) -> Self:
        """Neither taken back nor cancelled."""
        return self.exclude(state=State.WITHDRAWN)

    def with_id(self, delivery_id: str) -> Self:
        return self.filter(delivery_id=delivery_id)


class Delivery(models.Model):
    """`delivery_id` is made once and stays the same on every try, so that a receiver can tell a repetition.

    `message_sha256` is the hash of what the constituent saw in the preview; nothing else is ever handed over.
    """

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="delivery", verbose_name=_("letter"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UNCONFIRMED)
    delivery_id = models.CharField(_("delivery ID"), max_length=32, unique=True, editable=False)
    channel = models.CharField(_("channel"), max_length=20, choices=ChannelName, blank=True)
    message_sha256 = models.CharField(_("hash of the message"), max_length=64, editable=False)
    attempts_made = models.PositiveSmallIntegerField(_("attempts"), default=0)
    held_because = models.CharField(_("held because"), max_length=200, blank=True)
    bound_to = models.CharField(
        _("only by"),
        max_length=20,
        choices=ChannelName,
        blank=True,
        help_text=_("This channel may already have the letter; it knows a repetition, another would not."),
    )
    queued_for = models.CharField(_("in line for"), max_length=20, choices=ChannelName, blank=True)
    # The letter's own office, kept here so that the line can be read from its index.
    queued_office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    queued_item = models.BigIntegerField(null=True, editable=False)  # the outbox item that carries it
    released_at = models.DateTimeField(_("let go at"), null=True, blank=True)
    sent_by_hand_at = models.DateTimeField(_("sent by hand at"), null=True, blank=True)
    ready_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["queued_for", "queued_office", "ready_at", "id"],
                name="delivery_in_line_by_office",
                condition=~Q(queued_for=""),
            ),
            models.Index(fields=["ready_at", "id"], name="delivery_oldest_first"),
            models.Index(fields=["ready_at"], name="delivery_held", condition=~Q(held_because="")),
            models.Index(
                fields=["state", "ready_at"],
                name="delivery_open",
                condition=Q(state__in=UNSETTLED),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="delivery_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="delivery_id_is_32_hex", condition=Q(delivery_id__regex=r"^[0-9a-f]{32}$")),
            models.CheckConstraint(
                name="delivery_goes_by_a_channel", condition=Q(state__in=BEFORE_ANY_CHANNEL) | ~Q(channel="")
            ),
            models.CheckConstraint(
                name="delivery_only_ready_ones_are_held", condition=Q(held_because="") | Q(state=State.READY)
            ),
            models.CheckConstraint(
                name="delivery_only_ready_ones_stand_in_line", condition=Q(queued_for="") | Q(state=State.READY)
            ),
            models.CheckConstraint(
                name="delivery_ready_has_its_time",
                condition=Q(state__in=[State.UNCONFIRMED, State.WITHDRAWN]) | Q(ready_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.delivery_id

    def become(self, new: State, **also: Any) -> None:
        """Change the state, here and in the database; raises NotAllowed, also if it was changed elsewhere meanwhile."""
        check(self.state, new)
        also = {"held_because": "", "queued_for": "", **also}
        mine = Delivery.objects.filter(pk=self.pk, state=self.state)
        if not mine.update(state=new, changed_at=Now(), **also):
            raise NotAllowed(f"no longer {self.state}", new)
        self.state = new
        for name, value in also.items():
            setattr(self, name, value)

    def stand_in_line(self, channel: str) -> None:
        """Wait for this channel's turn."""
        mine = Delivery.objects.ready().filter(pk=self.pk)
        mine.update(queued_for=channel, queued_office=self.letter.office_id, released_at=None)

    def release(self) -> None:
        """Let go what staff held. Raises NotAllowed if it was not held."""
        if not Delivery.objects.held().filter(pk=self.pk).update(held_because="", changed_at=Now()):
            raise NotAllowed(self.state, State.READY)
        self.held_because = ""

    def hold(self, reason: str) -> None:
        """Keep a ready letter until staff decide."""
        Delivery.objects.ready().filter(pk=self.pk).update(held_because=reason, changed_at=Now())


class Phase(models.TextChoices):
    COMPOSING = "composing", _("composing")  # nothing has left: may be repeated
    HANDING_OVER = "handing_over", _("handing over")  # may have left
    ANSWERED = "answered", _("answered")


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    NEEDS_CONSTITUENT = "needs_constituent", _("needs the constituent")
    FOR_STAFF = "for_staff", _("handed to staff")
    REJECTED = "rejected", _("rejected")
    LATER = "later", _("to be tried again")
    UNANSWERED = "unanswered", _("no answer; asked again")
    UNKNOWN = "unknown", _("unknown")
    ABANDONED = "abandoned", _("the worker stopped before anything had left")
    FAILED = "failed", _("failed")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.exclude(phase=Phase.ANSWERED)


class Attempt(models.Model):
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    channel = models.CharField(_("channel"), max_length=20, choices=ChannelName)
    phase = models.CharField(_("phase"), max_length=20, choices=Phase, default=Phase.COMPOSING)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    detail: models.Field[Any, Any] = EncryptedTextField(
        _("detail"), null=True, editable=False
    )  # the other side's words may quote an address
    started_at = models.DateTimeField(_("started at"), db_default=Now())
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="attempt_numbered_once", fields=["delivery", "number"]),
            models.UniqueConstraint(
                name="attempt_one_at_a_time", fields=["delivery"], condition=~Q(phase=Phase.ANSWERED)
            ),
            models.CheckConstraint(
                name="attempt_outcome_iff_answered",
                condition=Q(phase=Phase.ANSWERED, answered_at__isnull=False) & ~Q(outcome="")
                | ~Q(phase=Phase.ANSWERED) & Q(outcome="", answered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number}"


class SandboxMessage(models.Model):
    """What a real channel would have handed over; written by the sandbox, the only channel that sends nothing."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="sandbox_message")
    recipient = models.CharField(_("recipient"), max_length=100)
    sha256 = models.CharField(_("hash"), max_length=64)
    message: models.Field[Any, Any] = EncryptedTextField(null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())

    class Meta:
        verbose_name = _("sandbox message")
        verbose_name_plural = _("sandbox messages")

    def __str__(self) -> str:
        return f"{self.recipient} {self.sha256[:8]}"
