"""Signatures collected on paper: batches of rows, and what is known of rows that did not become a signature."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.supporters.models import Consent
from petitions.models.petition import Petition
from petitions.models.text import PetitionText

SHA256_DIGITS = 64


class BatchState(models.TextChoices):
    LOADING = "loading", _("being loaded")
    LOADED = "loaded", _("loaded")
    CANCELLED = "cancelled", _("stopped before its end")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")


# From state to the states it may change to. What was stopped goes on when the same file is given again. A file must be
# stopped before it can be taken back; a sheet that is being typed need not.
BATCH_CHANGES = {
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

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, verbose_name=_("petition"), related_name="batches")
    text = models.ForeignKey(
        PetitionText,
        on_delete=models.PROTECT,
        verbose_name=_("wording"),
        help_text=_("What the sheets said."),
        related_name="+",
    )
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, verbose_name=_("privacy sentence"), related_name="+")
    collector = models.CharField(
        _("collector"), max_length=200, help_text=_("The person or group that collected these signatures.")
    )
    place = models.CharField(_("place"), max_length=200, help_text=_("Where they were collected."))
    collected_on = models.DateField(
        _("collected on"), help_text=_("The last day on which somebody signed these sheets.")
    )
    scan = models.CharField(
        _("SHA-256 of the scan"),
        max_length=SHA256_DIGITS,
        help_text=_("Of the scanned sheets, else of the file of rows. The same scan is refused a second time."),
    )
    source = models.CharField(
        _("file"), max_length=200, blank=True, help_text=_("Name of the imported file; empty if typed.")
    )
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("For rows that name none."))
    state = models.CharField(_("state"), max_length=9, choices=BatchState, default=BatchState.LOADING)
    size = models.BigIntegerField(_("size in bytes"), default=0)
    bytes_read = models.BigIntegerField(_("bytes read"), default=0)
    lines_read = models.PositiveIntegerField(_("lines read"), default=0)
    good = models.PositiveIntegerField(_("counted"), default=0, help_text=_("Rows that count as signatures."))
    matched = models.PositiveIntegerField(
        _("known already"), default=0, help_text=_("Rows of people who had signed before.")
    )
    faulty = models.PositiveIntegerField(
        _("faulty"), default=0, help_text=_("Rows that cannot be read; the report says why.")
    )
    rejected = models.PositiveIntegerField(
        _("rejected"), default=0, help_text=_("Rows struck out or refused by staff.")
    )
    undone = models.PositiveIntegerField(_("taken back"), default=0, db_default=0)
    problem = models.TextField(_("problem"), blank=True, help_text=_("Why it stopped."))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("entered by"),
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of paper signatures")
        verbose_name_plural = _("batches of paper signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "scan"],
                name="paper_scan_once",
                condition=~Q(state="undone"),
                violation_error_message=_("This scan or file has been loaded already."),
            ),
            models.CheckConstraint(name="paper_batch_state_known", condition=Q(state__in=BatchState.values)),
        ]

    def __str__(self) -> str:
        """Without the collector's name, which goes with those of the signers: Django's log keeps this for good."""
        return _("batch %(number)d: %(place)s") % {"number": self.pk, "place": self.place}

    @property
    def is_typed(self) -> bool:
        """Its rows are typed from a sheet, not read from a file."""
        return not self.source

    @property
    def is_scanned(self) -> bool:
        """Else something made up stands in for the scan, since a scan is there only once."""
        return len(self.scan) == SHA256_DIGITS

    @property
    def is_moving(self) -> bool:
        """A worker loads it or takes it back."""
        is_loading = self.state == BatchState.LOADING and not self.is_typed
        return is_loading or (self.state == BatchState.UNDOING and not self.problem)

    @property
    def is_undoable(self) -> bool:
        """Also what stopped while it was being taken back."""
        is_stuck = self.state == BatchState.UNDOING and bool(self.problem)
        return is_stuck or (BatchState.UNDOING in BATCH_CHANGES[BatchState(self.state)] and not self.is_moving)

    @property
    def can_go_on(self) -> bool:
        """The same file, given again, is loaded from where it stopped."""
        return self.state in {BatchState.LOADING, BatchState.CANCELLED}

    @property
    def percent(self) -> int:
        """Of the way that it is on, or that it was stopped on."""
        if self.state in {BatchState.LOADED, BatchState.UNDONE}:
            return 100
        part, whole = (self.undone, self.good) if self.state == BatchState.UNDOING else (self.bytes_read, self.size)
        return min(part * 100 // max(whole, 1), 99)


class Outcome(models.TextChoices):
    FAULTY = "faulty", _("faulty")
    MATCHED = "matched", _("known already")
    REJECTED = "rejected", _("rejected")


class Reason(models.TextChoices):
    NOT_UTF8 = "not-utf8", _("not text in UTF-8")
    QUOTES = "quotes", _("a quotation mark is not closed")
    CELLS = "cells", _("more cells than the first line has columns")
    NO_NAME = "no-name", _("no name")
    NAME_LINK = "name-link", _("the name holds a web address")
    NAME_LONG = "name-long", _("the name is longer than 255 characters")
    EMAIL = "email", _("not an e-mail address")
    COUNTRY = "country", _("not a country: two letters by ISO 3166 are expected")
    ADDRESS_LONG = "address-long", _("the address is longer than 500 characters")
    NO_ADDRESS = "no-address", _("neither an address nor an e-mail address")
    ONLINE = "online", _("has signed online")
    PAPER = "paper", _("has signed on paper")
    WITHDRAWN = "withdrawn", _("had signed and withdrew it: it does not count")
    SET_ASIDE = "set-aside", _("had signed, held or set aside by moderators: it counts only if they say so")
    REPEATED = "repeated", _("stands in this batch twice")
    STRUCK = "struck", _("struck out on the sheet")
    UNREADABLE = "unreadable", _("cannot be read")
    INVENTED = "invented", _("looks made up")


class PaperRemark(models.Model):
    """One row that is not a signature of its own, and why. Names nobody: what was typed is sealed, or not kept."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="remarks")
    number = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("remark on a row")
        verbose_name_plural = _("remarks on rows")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="paper_remark_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_reason_display()}"


class UploadPart(models.Model):
    """A piece of an uploaded file, encrypted; gone when its batch has been loaded or stopped."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, db_index=False, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="upload_part_once")]
