"""Signatures collected on paper: batches of rows, and remarks on the rows that did not become a signature."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.secrecy.encryption import EncryptedTextField, SealedBytesField
from campaign.secrecy.periods.keys import Purpose
from campaign.supporters.models import Consent
from campaign.translation import for_staff_lazy
from petitions.models.petition import Petition
from petitions.models.text import PetitionText

SHA256_DIGITS = 64


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", for_staff_lazy("to be looked at")
    LOADING = "loading", for_staff_lazy("being loaded")
    LOADED = "loaded", for_staff_lazy("loaded")
    CANCELLED = "cancelled", for_staff_lazy("stopped before its end")
    UNDOING = "undoing", for_staff_lazy("being taken back")
    UNDONE = "undone", for_staff_lazy("taken back")


# From each state to the states it may change to. An uploaded file waits until somebody has looked at it. A stopped file
# goes on when the same file is given again. A file must be stopped before it can be taken back; a sheet that is being
# typed need not.
BATCH_CHANGES = {
    BatchState.UPLOADED: {BatchState.LOADING, BatchState.UNDONE},
    BatchState.LOADING: {BatchState.LOADED, BatchState.CANCELLED, BatchState.UNDOING},
    BatchState.LOADED: {BatchState.UNDOING},
    BatchState.CANCELLED: {BatchState.LOADING, BatchState.UNDOING},
    BatchState.UNDOING: {BatchState.UNDONE},
    BatchState.UNDONE: set[BatchState](),
}


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    def standing(self) -> Self:
        return self.exclude(state=BatchState.UNDONE)

    def of_scan(self, petition: Petition, scan: str) -> Self:
        return self.standing().filter(petition=petition, scan=scan)

    def for_work(self) -> Self:
        return self.select_related("petition__active_key", "text")


class PaperBatch(models.Model):
    """Rows that came in together: one imported file, or one sheet that was typed."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, verbose_name=for_staff_lazy("petition"), related_name="batches"
    )
    text = models.ForeignKey(
        PetitionText,
        on_delete=models.PROTECT,
        verbose_name=for_staff_lazy("wording"),
        help_text=for_staff_lazy("What the sheets said."),
        related_name="+",
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, verbose_name=for_staff_lazy("privacy sentence"), related_name="+"
    )
    collector = EncryptedTextField(
        for_staff_lazy("collector"),
        null=True,
        db_column="collector_box",
        help_text=for_staff_lazy("The person or group that collected these signatures; kept encrypted."),
    )
    place = models.CharField(
        for_staff_lazy("place of collection"), max_length=200, help_text=for_staff_lazy("Where they were collected.")
    )
    collected_on = models.DateField(
        for_staff_lazy("collected on"), help_text=for_staff_lazy("The last day on which somebody signed these sheets.")
    )
    scan = models.CharField(
        for_staff_lazy("SHA-256 of the scan"),
        max_length=SHA256_DIGITS,
        help_text=for_staff_lazy(
            "Of the scanned sheets, else of the file of rows. The same scan is refused a second time."
        ),
    )
    source = models.CharField(
        for_staff_lazy("file"),
        max_length=200,
        blank=True,
        help_text=for_staff_lazy("Name of the imported file; empty if typed."),
    )
    country = models.CharField(
        for_staff_lazy("country"), max_length=2, blank=True, help_text=for_staff_lazy("For rows that name none.")
    )
    state = models.CharField(for_staff_lazy("state"), max_length=9, choices=BatchState, default=BatchState.LOADING)
    rows = models.PositiveSmallIntegerField(
        for_staff_lazy("rows on the sheet"),
        null=True,
        blank=True,
        editable=False,
        help_text=for_staff_lazy("No more can be typed; empty for a file, which has as many as it has."),
    )
    reading = models.JSONField(
        null=True,
        editable=False,
        help_text=for_staff_lazy("How the file is read: encoding, separator and what each column is."),
    )
    size = models.BigIntegerField(for_staff_lazy("size in bytes"), default=0)
    bytes_read = models.BigIntegerField(for_staff_lazy("bytes read"), default=0)
    lines_read = models.PositiveIntegerField(for_staff_lazy("lines read"), default=0)
    good = models.PositiveIntegerField(
        for_staff_lazy("counted"), default=0, help_text=for_staff_lazy("Rows that count as signatures.")
    )
    matched = models.PositiveIntegerField(
        for_staff_lazy("known already"), default=0, help_text=for_staff_lazy("Rows of people who had signed before.")
    )
    faulty = models.PositiveIntegerField(
        for_staff_lazy("faulty"), default=0, help_text=for_staff_lazy("Rows that cannot be read; the report says why.")
    )
    rejected = models.PositiveIntegerField(
        for_staff_lazy("rejected"), default=0, help_text=for_staff_lazy("Rows struck out or refused by staff.")
    )
    undone = models.PositiveIntegerField(for_staff_lazy("taken back"), default=0, db_default=0)
    problem = models.TextField(for_staff_lazy("problem"), blank=True, help_text=for_staff_lazy("Why it stopped."))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=for_staff_lazy("entered by"),
        related_name="+",
    )
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("batch of paper signatures")
        verbose_name_plural = for_staff_lazy("batches of paper signatures")
        permissions = [("load_paperbatch", "Can load a file of rows, whose signatures count at once")]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "scan"],
                name="paper_scan_once",
                condition=~Q(state="undone"),
                violation_error_message=for_staff_lazy("This scan or file has been loaded already."),
            ),
            models.CheckConstraint(name="paper_batch_state_known", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="paper_batch_within_its_sheet", condition=Q(rows=None) | Q(lines_read__lte=models.F("rows"))
            ),
        ]

    def __str__(self) -> str:
        """Leave out the collector's name, which is deleted one day, while Django's admin log keeps this for good."""
        return f"batch {self.pk}: {self.place}"

    @property
    def is_typed(self) -> bool:
        """Return whether the rows are typed from a sheet instead of read from a file."""
        return not self.source

    @property
    def rows_left(self) -> int | None:
        """Return the number of rows that can still be typed; None if the sheet does not say."""
        return None if self.rows is None else self.rows - self.lines_read

    @property
    def is_scanned(self) -> bool:
        """Return whether a scan was given; without one a made-up value takes its place, since `scan` is unique."""
        return len(self.scan) == SHA256_DIGITS

    @property
    def is_moving(self) -> bool:
        """Return whether a worker is loading it or taking it back."""
        is_loading = self.state == BatchState.LOADING and not self.is_typed
        return is_loading or (self.state == BatchState.UNDOING and not self.problem)

    @property
    def is_undoable(self) -> bool:
        """Return whether it can be taken back; also true if it got stuck while being taken back."""
        is_stuck = self.state == BatchState.UNDOING and bool(self.problem)
        return is_stuck or (BatchState.UNDOING in BATCH_CHANGES[BatchState(self.state)] and not self.is_moving)

    @property
    def is_cleared(self) -> bool:
        """Return whether its names were deleted at the end of the petition's retention, so that it takes no more."""
        return self.petition.purged_at is not None and self.created_at < self.petition.purged_at

    @property
    def can_go_on(self) -> bool:
        """Return whether the same file, given again, is loaded from where it stopped."""
        is_unfinished = self.state in {BatchState.LOADING, BatchState.CANCELLED}
        return is_unfinished and not self.is_typed and not self.is_cleared

    @property
    def percent(self) -> int:
        """Return the progress of the current or stopped run, in percent."""
        if self.state in {BatchState.LOADED, BatchState.UNDONE}:
            return 100
        part, whole = (self.undone, self.good) if self.state == BatchState.UNDOING else (self.bytes_read, self.size)
        return min(part * 100 // max(whole, 1), 99)


class RowOutcome(models.TextChoices):
    FAULTY = "faulty", for_staff_lazy("faulty")
    MATCHED = "matched", for_staff_lazy("known already")
    REJECTED = "rejected", for_staff_lazy("rejected")


class Reason(models.TextChoices):
    NOT_UTF8 = "not-utf8", for_staff_lazy("not text in the encoding by which the file is read")
    QUOTES = "quotes", for_staff_lazy("a quotation mark is not closed")
    CELLS = "cells", for_staff_lazy("more cells than the first line has columns")
    NO_NAME = "no-name", for_staff_lazy("no name")
    NAME_LINK = "name-link", for_staff_lazy("the name holds a web address")
    NAME_LONG = "name-long", for_staff_lazy("the name is longer than 255 characters")
    EMAIL = "email", for_staff_lazy("not an e-mail address")
    COUNTRY = "country", for_staff_lazy("not the name or the code of a country")
    ADDRESS_LONG = "address-long", for_staff_lazy("the address is longer than 500 characters")
    NO_ADDRESS = "no-address", for_staff_lazy("neither an address nor an e-mail address")
    ONLINE = "online", for_staff_lazy("has signed online")
    PAPER = "paper", for_staff_lazy("has signed on paper")
    WITHDRAWN = "withdrawn", for_staff_lazy("had signed and withdrew it: it does not count")
    SET_ASIDE = (
        "set-aside",
        for_staff_lazy("had signed, held or set aside by moderators: it counts only if they say so"),
    )
    REPEATED = "repeated", for_staff_lazy("stands in this batch twice")
    STRUCK = "struck", for_staff_lazy("struck out on the sheet")
    UNREADABLE = "unreadable", for_staff_lazy("cannot be read")
    INVENTED = "invented", for_staff_lazy("looks made up")


class PaperRemark(models.Model):
    """One row that did not become a signature, and why. Names nobody: what was typed is sealed, or not kept."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="remarks")
    number = models.PositiveIntegerField(for_staff_lazy("line"))
    outcome = models.CharField(for_staff_lazy("outcome"), max_length=8, choices=RowOutcome)
    reason = models.CharField(for_staff_lazy("reason"), max_length=12, choices=Reason)
    sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = for_staff_lazy("remark on a row")
        verbose_name_plural = for_staff_lazy("remarks on rows")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="paper_remark_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_reason_display()}"


class UploadPart(models.Model):
    """A piece of an uploaded file, encrypted; deleted once its batch has been loaded or stopped."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="parts")
    number = models.PositiveIntegerField()
    content = SealedBytesField(purpose=Purpose.SHORT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="upload_part_once")]
