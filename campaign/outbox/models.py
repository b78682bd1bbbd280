"""The tables of the outbox: work that must happen, and addresses that get no more mail."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import Now

from campaign.journal import journal
from campaign.observability import request_ids
from campaign.outbox.heartbeats import SitePart
from campaign.secrecy import encryption
from campaign.secrecy.encryption import EncryptedTextField, SealedBytesField
from campaign.secrecy.periods.keys import Purpose
from campaign.translation import for_staff_lazy

# How the reason of a waiting item begins if it waits for the mail server, for room in a budget, for a repair, for what
# this server lacks, such as room on its disk, or for the end of a rehearsal.
OUTAGE = "the mail server could not be used"
BUDGET = "waits for room in the budget of mail"
FAULT = "a fault of this program"
SHORTAGE = "trouble of this server"
KEYS_AWAY = "the folder of keys cannot be read"
REHEARSAL = "waits for the end of the rehearsal"
KEY_GONE = "the key that opens its address is gone"
WAS_MAILED = "was_mailed"  # in a payload: its mail went out, but the backup that was restored does not know of it


class State(models.TextChoices):
    WAITING = "waiting", for_staff_lazy("waiting")  # for its time, or for the relay
    PUBLISHED = "published", for_staff_lazy("published")  # named in a Celery message; leased until somebody begins
    RUNNING = "running", for_staff_lazy("running")  # begun by a worker; leased until it is settled
    DEAD = "dead", for_staff_lazy("dead")  # given up; waits for staff
    REFUSED = (
        "refused",
        for_staff_lazy("refused"),
    )  # given up because its receiver says no; nothing here is to be mended


GIVEN_UP = [State.DEAD, State.REFUSED]


class ItemQuerySet(models.QuerySet["Item"]):
    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=Now())

    def due_within(self, span: timedelta) -> Self:
        """Return what is due now or soon, of the kinds in the settings, so that one index lookup for each suffices."""
        return self.waiting().filter(kind__in=settings.OUTBOX_HANDLERS, due_at__lt=Now() + span)

    def because(self, reason: str) -> Self:
        """Return items whose reason begins with these words."""
        return self.filter(reason__startswith=reason)

    def dead(self) -> Self:
        return self.filter(state=State.DEAD)

    def given_up(self) -> Self:
        return self.filter(state__in=GIVEN_UP)

    def refused(self) -> Self:
        return self.filter(state=State.REFUSED)

    def due_lately(self) -> Self:
        return self.filter(due_at__gt=Now() - timedelta(days=1))

    def last_due(self, ago: timedelta) -> Self:
        """Return items last due at least that long ago; an item that was given up was so at about that time."""
        return self.filter(due_at__lt=Now() - ago)

    def in_flight(self) -> Self:
        return self.filter(state__in=[State.PUBLISHED, State.RUNNING])

    def expired(self) -> Self:
        return self.in_flight().filter(leased_until__lt=Now())

    def leased(self) -> Self:
        """Return items that a worker or a message has and may still settle."""
        return self.filter(leased_until__gt=Now())

    def held(self, item: "Item") -> Self:
        """Return the row of `item` if its token is still the newest."""
        return self.filter(pk=item.pk, token=item.token)


class Item(models.Model):
    """One piece of work that must happen, kept until it has.

    `subject` and `payload` hold ids only; what is personal stands in `sealed_secret`, under the key of a period, and
    goes with the row.
    """

    kind = models.CharField(
        for_staff_lazy("kind"), max_length=60, help_text=for_staff_lazy("Which handler does it (OUTBOX_HANDLERS).")
    )
    subject = models.BigIntegerField(null=True, editable=False)  # what it is found by (campaign/outbox/queue.py)
    payload = models.JSONField(for_staff_lazy("payload"), default=dict, blank=True)
    sealed_secret = SealedBytesField(purpose=Purpose.SHORT, null=True, blank=True, editable=False)
    state = models.CharField(for_staff_lazy("state"), max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(for_staff_lazy("due at"), db_default=Now())
    token = models.BigIntegerField(
        for_staff_lazy("token"), default=0, help_text=for_staff_lazy("Grows whenever the row changes hands.")
    )
    leased_until = models.DateTimeField(for_staff_lazy("leased until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(for_staff_lazy("attempts"), default=0)
    reason = models.TextField(
        for_staff_lazy("reason"), blank=True, help_text=for_staff_lazy("Why the last attempt did not succeed.")
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())
    request_id = models.CharField(max_length=12, default=request_ids.to_store, db_default="", editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("outbox item")
        verbose_name_plural = for_staff_lazy("outbox items")
        indexes = [
            models.Index(fields=["kind", "due_at"], name="outbox_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["leased_until"], name="outbox_leased", condition=Q(state__in=["published", "running"])
            ),
            models.Index(fields=["kind"], name="outbox_dead", condition=Q(state="dead")),
            models.Index(fields=["due_at"], name="outbox_refused", condition=Q(state="refused")),
            # Work waits by the million, and some of it is taken out again before its time.
            models.Index(fields=["subject"], name="outbox_subject", condition=Q(subject__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_lease_iff_in_flight",
                condition=Q(state__in=["published", "running"], leased_until__isnull=False)
                | Q(state__in=["waiting", "dead", "refused"], leased_until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def mark(self) -> str:
        """What tells it in the journal from another that got its number after a restore."""
        return journal.mark("outbox", self.pk, self.created_at.isoformat())

    @cached_property
    def secret(self) -> dict[str, Any]:
        """Return what was given to `queue.put` as `secret`. Raises KeyGone or OSError if its key cannot be read."""
        return encryption.decrypt_json(self.sealed_secret) if self.sealed_secret else {}


class Pace(models.Model):
    """How long an item of a slow kind takes (campaign/outbox/slow_work/pace.py)."""

    kind = models.CharField(for_staff_lazy("kind"), max_length=60, unique=True)
    seconds = models.FloatField(for_staff_lazy("seconds"))

    class Meta:
        verbose_name = for_staff_lazy("pace")
        verbose_name_plural = for_staff_lazy("paces")

    def __str__(self) -> str:
        return f"{self.kind}: {self.seconds:.1f} s"


class Tries(models.Model):
    """How tries of one kind of work have ended (campaign/outbox/monitoring/tries.py)."""

    kind = models.CharField(for_staff_lazy("kind"), max_length=60)
    ending = models.CharField(max_length=10)
    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "ending"], name="tries_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.ending}: {self.number}"


class Heartbeat(models.Model):
    """When a part of the site was last at work (campaign/outbox/heartbeats.py)."""

    part = models.CharField(for_staff_lazy("part"), max_length=20, choices=SitePart, primary_key=True)
    seen_at = models.DateTimeField(for_staff_lazy("last seen"), db_default=Now())

    class Meta:
        default_permissions = ()
        db_table = "outbox_heartbeat"

    def __str__(self) -> str:
        return self.get_part_display()


class RehearsalQuerySet(models.QuerySet["Rehearsal"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def since(self) -> Subquery:
        """Return since when the site has been rehearsed, NULL if it is not, as a column of another query."""
        return Subquery(self.running().values("began_at")[:1])


class Rehearsal(models.Model):
    """A time in which mail leaves to staff only and letters go to the sandbox (campaign/outbox/rehearsals.py)."""

    began_at = models.DateTimeField(for_staff_lazy("began at"), db_default=Now())
    begun_by = models.CharField(for_staff_lazy("begun by"), max_length=150)
    ended_at = models.DateTimeField(for_staff_lazy("ended at"), null=True, blank=True)
    ended_by = models.CharField(for_staff_lazy("ended by"), max_length=150, blank=True)

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("rehearsal")
        verbose_name_plural = for_staff_lazy("rehearsals")
        ordering = ["pk"]
        permissions = [("switch_rehearsal", "Can begin and end a rehearsal of the whole site")]
        constraints = [
            models.UniqueConstraint(Value(1), name="one_rehearsal_at_a_time", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RehearsedMail(models.Model):
    """A mail that a rehearsal kept from leaving: its words, without the address, the links' secrets and the minute."""

    rehearsal = models.ForeignKey(Rehearsal, models.CASCADE, verbose_name=for_staff_lazy("rehearsal"))
    kind = models.CharField(for_staff_lazy("kind"), max_length=60)
    language = models.CharField(for_staff_lazy("language"), max_length=10)
    words: models.Field[Any, Any] = EncryptedTextField(null=True, editable=False, purpose=Purpose.SHORT)
    made_at = models.DateTimeField(for_staff_lazy("in the hour from"), db_index=True)

    class Meta:
        verbose_name = for_staff_lazy("mail of a rehearsal, not sent")
        verbose_name_plural = for_staff_lazy("mail of rehearsals, not sent")
        ordering = ["-pk"]
        permissions = [("read_rehearsedmail", "Can read the words of mail that a rehearsal kept from leaving")]

    def __str__(self) -> str:
        return f"{self.pk} ({self.kind})"


class Cause(models.TextChoices):
    NOT_ME = "not_me", for_staff_lazy("“it wasn’t me”")
    BOUNCE = "bounce", for_staff_lazy("mail came back")
    COMPLAINT = "complaint", for_staff_lazy("complaint")
    STAFF = "staff", for_staff_lazy("entered by staff")


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def by_cause(self) -> list[tuple[str, int, int]]:
        """Return each cause in words with its number and how many of these are of the last seven days, most first."""
        lately = Count("pk", filter=Q(created_at__gt=Now() - timedelta(days=7)))
        found = self.values_list("cause").annotate(number=Count("pk"), lately=lately).order_by("-number")
        return [(str(Cause(cause).label), number, lately) for cause, number, lately in found]

    def among(self, fingerprints: Iterable[bytes]) -> set[bytes]:
        """Return those of the fingerprints that are suppressed."""
        return {
            bytes(found) for found in self.filter(fingerprint__in=fingerprints).values_list("fingerprint", flat=True)
        }


class Suppression(models.Model):
    """An address that gets nothing more from this site, kept as a keyed fingerprint only."""

    fingerprint = models.BinaryField(unique=True, editable=False)
    cause = models.CharField(for_staff_lazy("cause"), max_length=10, choices=Cause)
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("suppression")
        verbose_name_plural = for_staff_lazy("suppressions")

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_cause_display()})"
