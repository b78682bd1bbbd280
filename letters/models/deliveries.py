"""A letter's way to the office: its state, and each attempt."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from campaign.journal import journal
from campaign.secrecy.encryption import EncryptedTextField
from campaign.secrecy.periods.keys import Purpose
from campaign.translation import for_staff_lazy
from letters.models.delivery_states import NotAllowed, State, check
from letters.models.letters import Letter
from letters.models.print_runs import PrintRun
from letters.models.recipients.offices import OFFICE_ORDER, ChannelName, Office

UNSETTLED = [State.READY, State.SENDING, State.UNKNOWN, State.REJECTED, State.DEAD, State.NEEDS_CONSTITUENT]
FOR_HAND = [State.NEEDS_CONSTITUENT, State.REJECTED, State.DEAD]
TO_BE_PRINTED = "to be printed and taken to the office"
SENATOR_LEFT = "the senator is no longer in office"
BEFORE_ANY_CHANNEL = [State.UNCONFIRMED, State.READY, State.WITHDRAWN, State.DEAD]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def ready(self) -> Self:
        return self.filter(state=State.READY)

    def held(self) -> Self:
        """Return ready letters that wait for staff."""
        return self.ready().exclude(held_because="")

    def held_because(self, reason: str) -> Self:
        return self.ready().filter(held_because=reason)

    def printed(self) -> Self:
        """Return letters that were printed since they were last held."""
        return self.filter(printed_at__isnull=False)

    def in_line(self, channel: str) -> Self:
        """Return ready letters that wait for this channel's turn."""
        return self.ready().filter(queued_for=channel)

    def waiting_for(self, channel: Any) -> Self:
        """Return ready letters, not held, in line for this channel or tried by it; it may be an OuterRef."""
        return self.ready().filter(Q(queued_for=channel) | Q(channel=channel), held_because="")

    def for_hand(self) -> Self:
        """Return letters that constituents can still send themselves, and have not said that they did."""
        return self.readable().filter(state__in=FOR_HAND, sent_by_hand_at__isnull=True)

    def readable(self) -> Self:
        """Return letters that are not erased yet."""
        return self.filter(letter__content__isnull=False)

    def stuck(self) -> Self:
        """Return letters that cannot go on by themselves, and with which staff can still do something.

        Those that merely wait for a printer are not among them.
        """
        failed = self.readable().filter(state__in=[State.UNKNOWN, State.REJECTED, State.DEAD])
        return failed | self.readable().held().exclude(held_because=TO_BE_PRINTED)

    def to_print(self) -> Self:
        """Return letters that wait for staff to print them."""
        return self.held_because(TO_BE_PRINTED).filter(printed_at=None)

    def summary(self) -> list[dict[str, Any]]:
        """Return, for each unsettled state, the number of letters and the oldest confirmation; without erased ones."""
        rows = (
            self.readable()
            .filter(state__in=UNSETTLED)
            .order_by()
            .values("state")
            .annotate(number=Count("pk"), oldest=Min("ready_at"))
        )
        return list(rows.order_by("state"))

    def with_letter(self) -> Self:
        return self.select_related("letter__office__recipient_list", "letter__constituent__campaign")

    def of_constituent(self, constituent_id: int) -> Self:
        mine = self.filter(letter__constituent=constituent_id)
        return mine.with_letter().in_order()

    def in_order(self) -> Self:
        """Order by office."""
        return self.order_by(*(f"letter__office__{name}" for name in OFFICE_ORDER))

    def cancelled(self) -> Self:
        """Return letters that staff withdrew, not their writers."""
        return self.filter(state=State.WITHDRAWN, is_cancelled=True)

    def standing(self) -> Self:
        """Return letters that were neither taken back nor cancelled."""
        return self.exclude(state=State.WITHDRAWN)

    def to_former_senators(self) -> Self:
        """Return letters to former senators that are not settled."""
        former = Office.objects.former()
        return self.readable().filter(state__in=UNSETTLED, letter__office__in=former, sent_by_hand_at__isnull=True)

    def not_gone(self) -> Self:
        """Return letters that have not gone; without those on paper, which may have."""
        waiting = [State.UNCONFIRMED, State.READY, State.NEEDS_CONSTITUENT, State.REJECTED, State.DEAD]
        return self.readable().filter(state__in=waiting, sent_by_hand_at__isnull=True, printed_at__isnull=True)

    def ready_by_office(self, offices: Iterable[int], *, most: int) -> dict[int, int]:
        """Return how many letters to each of these offices wait for a way to it; of `most` letters in all."""
        ready = self.ready().filter(held_because="", letter__office__in=list(offices)).order_by()
        return dict(Counter(ready.values_list("letter__office", flat=True)[:most]))

    def left_behind(self, office_id: int) -> Self:
        """Return letters to a former senator that have not gone."""
        return self.not_gone().filter(letter__office=office_id, letter__office__is_current=False)

    def waiting_by_office(self, offices: Iterable[int]) -> dict[int, int]:
        """Return how many letters to each of these offices have not gone."""
        rows = self.not_gone().filter(letter__office__in=list(offices)).order_by().values_list("letter__office")
        return dict(rows.annotate(number=Count("pk")))

    def with_id(self, delivery_id: str) -> Self:
        return self.filter(delivery_id=delivery_id)


class Delivery(models.Model):
    """The delivery of one letter to its office.

    `delivery_id` is made once and stays the same at every attempt, so that a receiver can recognise a repetition.
    `message_sha256` is the hash of what the constituent saw in the preview; nothing else is ever handed over.
    """

    letter = models.OneToOneField(
        Letter, on_delete=models.CASCADE, related_name="delivery", verbose_name=for_staff_lazy("letter")
    )
    state = models.CharField(for_staff_lazy("state"), max_length=20, choices=State, default=State.UNCONFIRMED)
    delivery_id = models.CharField(for_staff_lazy("delivery ID"), max_length=32, unique=True, editable=False)
    channel = models.CharField(for_staff_lazy("channel"), max_length=20, choices=ChannelName, blank=True)
    message_sha256 = models.CharField(for_staff_lazy("hash of the message"), max_length=64, editable=False)
    attempts_made = models.PositiveSmallIntegerField(for_staff_lazy("attempts"), default=0)
    held_because = models.CharField(for_staff_lazy("held because"), max_length=200, blank=True)
    bound_to = models.CharField(
        for_staff_lazy("only by"),
        max_length=20,
        choices=ChannelName,
        blank=True,
        help_text=for_staff_lazy("This channel may already have the letter; it knows a repetition, another would not."),
    )
    returned_by = models.CharField(
        for_staff_lazy("came back by"),
        max_length=20,
        choices=ChannelName,
        blank=True,
        default="",
        db_default="",
        help_text=for_staff_lazy("It goes by this channel again only if staff send it again."),
    )
    queued_for = models.CharField(for_staff_lazy("in line for"), max_length=20, choices=ChannelName, blank=True)
    # The letter's own office, copied here so that the line can be read from its index.
    queued_office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    queued_item = models.BigIntegerField(
        null=True, editable=False
    )  # the outbox item that carries it: code of the last release looks for it there
    released_at = models.DateTimeField(for_staff_lazy("let go at"), null=True, blank=True)
    sent_by_hand_at = models.DateTimeField(for_staff_lazy("sent by hand at"), null=True, blank=True)
    printed_at = models.DateTimeField(for_staff_lazy("printed at"), null=True, blank=True)
    print_run = models.ForeignKey(
        PrintRun,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=for_staff_lazy("print run"),
    )
    print_number = models.IntegerField(null=True, editable=False)  # in its run
    # What the office's mail system answered by itself; it may quote the letter.
    automatic_answer: models.Field[Any, Any] = EncryptedTextField(null=True, editable=False, purpose=Purpose.LONG)
    is_cancelled = models.BooleanField(
        for_staff_lazy("cancelled by staff"), default=False, db_default=False, editable=False
    )
    has_senator_left = models.BooleanField(
        for_staff_lazy("cancelled because the senator left office"), default=False, db_default=False, editable=False
    )
    ready_at = models.DateTimeField(for_staff_lazy("confirmed at"), null=True, blank=True)
    changed_at = models.DateTimeField(for_staff_lazy("changed at"), db_default=Now())

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("delivery")
        verbose_name_plural = for_staff_lazy("deliveries")
        indexes = [
            models.Index(
                fields=["queued_for", "queued_office", "ready_at", "id"],
                name="delivery_in_line_by_office",
                condition=~Q(queued_for=""),
            ),
            models.Index(
                fields=["print_run", "print_number"], name="delivery_of_print_run", condition=Q(print_run__isnull=False)
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
        """Change the state, here and in the database. Raises NotAllowed, also if it was changed elsewhere meanwhile."""
        check(self.state, new)
        also = {"held_because": "", "queued_for": "", **also}
        mine = Delivery.objects.filter(pk=self.pk, state=self.state)
        if not mine.update(state=new, changed_at=Now(), **also):
            raise NotAllowed(f"no longer {self.state}", new)
        self.state = new
        for name, value in also.items():
            setattr(self, name, value)
        if new not in {State.READY, State.SENDING}:
            self.record()

    def record(self) -> None:
        """Have its state outlive a restored backup (letters/submission/replay.py)."""
        why = {"has_senator_left": True} if self.has_senator_left else {}
        journal.record("letter", delivery=self.delivery_id, state=self.state, channel=self.channel, **why)

    def stand_in_line(self, channel: str) -> None:
        """Wait for this channel's turn."""
        mine = Delivery.objects.ready().filter(pk=self.pk)
        mine.update(queued_for=channel, queued_office=self.letter.office_id, released_at=None)

    def release(self) -> None:
        """Let go what staff held. Raises NotAllowed if it was not held."""
        if not Delivery.objects.held().filter(pk=self.pk).update(held_because="", printed_at=None, changed_at=Now()):
            raise NotAllowed(self.state, State.READY)
        self.held_because = ""

    def hold(self, reason: str) -> None:
        """Keep a ready letter until staff decide."""
        Delivery.objects.ready().filter(pk=self.pk).update(held_because=reason, printed_at=None, changed_at=Now())


class Phase(models.TextChoices):
    COMPOSING = "composing", for_staff_lazy("composing")  # nothing has left: may be repeated
    HANDING_OVER = "handing_over", for_staff_lazy("handing over")  # may have left
    ANSWERED = "answered", for_staff_lazy("answered")


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", for_staff_lazy("accepted")
    NEEDS_CONSTITUENT = "needs_constituent", for_staff_lazy("needs the constituent")
    FOR_STAFF = "for_staff", for_staff_lazy("handed to staff")
    REJECTED = "rejected", for_staff_lazy("rejected")
    LATER = "later", for_staff_lazy("to be tried again")
    UNANSWERED = "unanswered", for_staff_lazy("no answer; asked again")
    UNKNOWN = "unknown", for_staff_lazy("unknown")
    ABANDONED = "abandoned", for_staff_lazy("the worker stopped before anything had left")
    FAILED = "failed", for_staff_lazy("failed")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.exclude(phase=Phase.ANSWERED)

    def perhaps_arrived(self) -> Self:
        """Return those by which the office may have the letter, since no answer to them is known."""
        is_lost = Q(outcome=Outcome.ABANDONED, handed_over_at__isnull=False)
        return self.filter(Q(phase=Phase.HANDING_OVER) | Q(outcome=Outcome.UNANSWERED) | is_lost)


class Attempt(models.Model):
    """One attempt at handing a letter over."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(for_staff_lazy("number"))
    channel = models.CharField(for_staff_lazy("channel"), max_length=20, choices=ChannelName)
    phase = models.CharField(for_staff_lazy("phase"), max_length=20, choices=Phase, default=Phase.COMPOSING)
    outcome = models.CharField(for_staff_lazy("outcome"), max_length=20, choices=Outcome, blank=True)
    detail: models.Field[Any, Any] = EncryptedTextField(
        for_staff_lazy("detail"), null=True, editable=False, purpose=Purpose.LONG
    )  # the receiver's words may quote an address
    started_at = models.DateTimeField(for_staff_lazy("started at"), db_default=Now())
    handed_over_at = models.DateTimeField(for_staff_lazy("handed over at"), null=True, blank=True)
    answered_at = models.DateTimeField(for_staff_lazy("answered at"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("attempt")
        verbose_name_plural = for_staff_lazy("attempts")
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
    """What a real channel would have handed over, as written by the sandbox, the only channel that sends nothing."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="sandbox_message")
    recipient = models.CharField(for_staff_lazy("recipient"), max_length=100)
    sha256 = models.CharField(for_staff_lazy("hash"), max_length=64)
    message: models.Field[Any, Any] = EncryptedTextField(null=True, editable=False, purpose=Purpose.LONG)
    recorded_at = models.DateTimeField(for_staff_lazy("recorded at"), db_default=Now())

    class Meta:
        verbose_name = for_staff_lazy("sandbox message")
        verbose_name_plural = for_staff_lazy("sandbox messages")

    def __str__(self) -> str:
        return f"{self.recipient} {self.sha256[:8]}"
