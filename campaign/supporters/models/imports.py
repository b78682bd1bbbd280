"""Lists of subscribers that came from elsewhere: each with the proof of consent, its progress, and what it left out."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.secrecy.encryption import SealedBytesField
from campaign.secrecy.periods.keys import Purpose
from campaign.supporters.models.consent import Consent
from campaign.translation import for_staff_lazy


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", for_staff_lazy("waits until somebody has looked at it")
    LOADING = "loading", for_staff_lazy("being loaded")
    LOADED = "loaded", for_staff_lazy("loaded")
    CANCELLED = "cancelled", for_staff_lazy("stopped before its end")
    UNDOING = "undoing", for_staff_lazy("being taken back")
    UNDONE = "undone", for_staff_lazy("taken back")


# From each state to the states it may change to.
IMPORT_CHANGES = {
    ImportState.UPLOADED: {ImportState.LOADING, ImportState.UNDONE},
    ImportState.LOADING: {ImportState.LOADED, ImportState.CANCELLED},
    ImportState.LOADED: {ImportState.UNDOING},
    ImportState.CANCELLED: {ImportState.UNDOING},
    ImportState.UNDOING: {ImportState.UNDONE, ImportState.UNDOING},  # once more, after it got stuck
    ImportState.UNDONE: set[ImportState](),
}


class ConsentProof(models.TextChoices):
    """What shows that those on a list agreed to be written to."""

    RECORD = "record", for_staff_lazy("They agreed already, as recorded below: they are subscribed at once.")
    ASK = "ask", for_staff_lazy("Ask each of them to confirm: only who presses the button in that mail is subscribed.")


class ImportQuerySet(models.QuerySet["SubscriberImport"]):
    def change(self, one: "SubscriberImport", state: ImportState, **fields: Any) -> bool:
        """Change its state and return True, unless the state that it has by now does not allow that."""
        before = [known for known, after in IMPORT_CHANGES.items() if state in after]
        return bool(self.filter(pk=one.pk, state__in=before).update(state=state, **fields))

    def taken_back(self, ids: set[int]) -> set[int]:
        """Return which of these imports are taken back, or are being."""
        states = [ImportState.UNDOING, ImportState.UNDONE]
        return set(self.filter(pk__in=ids, state__in=states).values_list("pk", flat=True))


class SubscriberImport(models.Model):
    """One file of addresses, the only kind of source that a subscriber may have."""

    name = models.CharField(
        for_staff_lazy("name"),
        max_length=100,
        help_text=for_staff_lazy("By which colleagues know this list. It names nobody."),
    )
    proof = models.CharField(
        for_staff_lazy("proof of consent"), max_length=6, choices=ConsentProof, default=ConsentProof.RECORD
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, verbose_name=for_staff_lazy("wording"), related_name="+"
    )
    place = models.CharField(
        for_staff_lazy("where they agreed"),
        max_length=200,
        help_text=for_staff_lazy("Such as a website, a form, an event."),
    )
    consented_on = models.DateField(
        for_staff_lazy("when they agreed"), help_text=for_staff_lazy("The last day on which somebody was added.")
    )
    tags = ArrayField(models.SlugField(max_length=30), verbose_name=for_staff_lazy("tags"), default=list, blank=True)
    language = models.CharField(
        for_staff_lazy("language"), max_length=10, help_text=for_staff_lazy("Of rows that name none.")
    )
    source = models.CharField(for_staff_lazy("file"), max_length=200)
    state = models.CharField(for_staff_lazy("state"), max_length=9, choices=ImportState, default=ImportState.UPLOADED)
    size = models.BigIntegerField(for_staff_lazy("size in bytes"), default=0)
    rows = models.PositiveIntegerField(for_staff_lazy("rows"), default=0)
    faulty = models.PositiveIntegerField(
        for_staff_lazy("faulty"), default=0, help_text=for_staff_lazy("Rows that cannot be read; the report says why.")
    )
    bytes_read = models.BigIntegerField(for_staff_lazy("bytes read"), default=0)
    lines_read = models.PositiveIntegerField(for_staff_lazy("lines read"), default=0)
    new = models.PositiveIntegerField(
        for_staff_lazy("new"), default=0, help_text=for_staff_lazy("Subscribed, or asked to confirm.")
    )
    known = models.PositiveIntegerField(
        for_staff_lazy("known"), default=0, help_text=for_staff_lazy("Subscribers already, or twice in the file.")
    )
    left = models.PositiveIntegerField(
        for_staff_lazy("left before"), default=0, help_text=for_staff_lazy("Had unsubscribed, and are left in peace.")
    )
    suppressed = models.PositiveIntegerField(
        for_staff_lazy("suppressed"), default=0, help_text=for_staff_lazy("Get no mail at all, so left out.")
    )
    undone = models.PositiveIntegerField(for_staff_lazy("taken back"), default=0)
    problem = models.TextField(for_staff_lazy("problem"), blank=True, help_text=for_staff_lazy("Why it stopped."))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        verbose_name=for_staff_lazy("entered by"),
        related_name="+",
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("import of subscribers")
        verbose_name_plural = for_staff_lazy("imports of subscribers")
        constraints = [
            models.CheckConstraint(name="subscriber_import_state_known", condition=Q(state__in=ImportState.values))
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.name}"

    @property
    def asks(self) -> bool:
        return self.proof == ConsentProof.ASK

    @property
    def is_moving(self) -> bool:
        """Return whether a worker is loading it or taking it back."""
        return self.state in {ImportState.LOADING, ImportState.UNDOING} and not self.problem

    @property
    def is_undoable(self) -> bool:
        """Return whether it can be taken back; also true if it got stuck while being taken back."""
        return ImportState.UNDOING in IMPORT_CHANGES[ImportState(self.state)] and not self.is_moving

    @property
    def percent(self) -> int:
        """Return the progress of the current or stopped run, in percent."""
        if self.state in {ImportState.LOADED, ImportState.UNDONE}:
            return 100
        part, whole = (self.undone, self.new) if self.state == ImportState.UNDOING else (self.bytes_read, self.size)
        return min(part * 100 // max(whole, 1), 99)


class RowFault(models.TextChoices):
    NOT_UTF8 = "not-utf8", for_staff_lazy("not text in UTF-8")
    QUOTES = "quotes", for_staff_lazy("a quotation mark is not closed")
    CELLS = "cells", for_staff_lazy("more cells than the first line has columns")
    EMAIL = "email", for_staff_lazy("not an e-mail address that this site can write to")
    LANGUAGE = "language", for_staff_lazy("not a language of this site: a code such as de is expected")
    COUNTRY = "country", for_staff_lazy("not a country: two letters by ISO 3166 are expected")


class ImportRemark(models.Model):
    """One row that cannot be read, and why; what stood in it is not kept."""

    of = models.ForeignKey(SubscriberImport, on_delete=models.CASCADE, db_index=False, related_name="remarks")
    number = models.PositiveIntegerField(for_staff_lazy("line"))
    reason = models.CharField(for_staff_lazy("reason"), max_length=8, choices=RowFault)

    class Meta:
        default_permissions = ()
        ordering = ["of", "number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_remark_once")]


class ImportPart(models.Model):
    """A piece of an uploaded list, encrypted; deleted once it has been loaded or stopped."""

    of = models.ForeignKey(SubscriberImport, on_delete=models.CASCADE, db_index=False, related_name="parts")
    number = models.PositiveIntegerField()
    content = SealedBytesField(purpose=Purpose.SHORT)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_part_once")]
