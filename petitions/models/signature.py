"""A signature: one person's act. Who signed is sealed and cannot be read here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from django.db import connection, models
from django.db.models import OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign.journal import journal
from campaign.performance.group_commit import record_set
from campaign.supporters.models import Consent
from campaign.translation import for_staff_lazy
from campaign.web import countries
from petitions.models.key import PetitionKey
from petitions.models.paper import PaperBatch
from petitions.models.petition import Petition
from petitions.models.sign_sql import statement
from petitions.models.text import PetitionText


class State(models.TextChoices):
    PENDING = "pending", for_staff_lazy("pending")
    CONFIRMED = "confirmed", for_staff_lazy("confirmed")
    HELD = "held", for_staff_lazy("held")
    WITHDRAWN = "withdrawn", for_staff_lazy("withdrawn")
    INVALIDATED = "invalidated", for_staff_lazy("invalidated")


LIVING = [State.PENDING, State.CONFIRMED, State.HELD]  # these count or may come to count

# From each state to the states it may change to; anything else raises ForbiddenChange.
SIGNATURE_CHANGES = {
    State.PENDING: {State.CONFIRMED, State.HELD, State.WITHDRAWN, State.INVALIDATED},
    State.CONFIRMED: {State.HELD, State.WITHDRAWN, State.INVALIDATED},  # held again if its release is reversed
    State.HELD: {State.CONFIRMED, State.WITHDRAWN, State.INVALIDATED},
    State.WITHDRAWN: {State.PENDING},
    State.INVALIDATED: {State.PENDING, State.HELD, State.CONFIRMED, State.WITHDRAWN},  # reversed, or withdrawn
}


class ForbiddenChange(Exception):
    """The signature cannot change to this state."""


class HoldReason(models.TextChoices):
    BLOCKED = "blocked", for_staff_lazy("a blocked domain")
    NETWORK = "network", for_staff_lazy("many from one network")
    DOMAIN = "domain", for_staff_lazy("many from one domain")
    COUNTRY = "country", for_staff_lazy("many from one country")
    RETURNED = "returned", for_staff_lazy("its release was taken back")
    JUDGED = "judged", for_staff_lazy("was invalidated, withdrawn and signed anew")


class Channel(models.TextChoices):
    WEB = "web", _("online")
    PAPER = "paper", _("on paper")


TO_CONFIRM = (
    *("state", "hold_reason", "token_digest", "token_expires_at"),
    *("petition_id", "country", "channel", "signed_on", "confirmed_on"),
)


class SignatureQuerySet(models.QuerySet["Signature"]):
    def with_token(self, digest: bytes) -> Self:
        return self.filter(token_digest=digest)

    def to_confirm(self, digests: Iterable[bytes]) -> Self:
        """Return the signatures of these tokens along with what decides whether their petition takes confirmations.

        They are locked in the order of their keys. Only some columns are loaded: naming all of them took longer than
        the rest of confirming.
        """
        petition = ("petition__slug", "petition__visibility", "petition__closes_at")
        mine = self.filter(token_digest__in=list(digests)).select_related("petition").only(*TO_CONFIRM, *petition)
        return mine.select_for_update(of=("self",)).order_by("pk")

    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def waiting_for_link(self) -> Self:
        """Return what is not confirmed and whose mailed link still works."""
        return self.pending().filter(token_expires_at__gt=Now())

    def of(self, petition: Petition, fingerprint: bytes) -> Self:
        return self.filter(petition=petition, fingerprint=fingerprint)

    def held(self) -> Self:
        return self.filter(state=State.HELD)

    def first_by_country(self, limit: int) -> list[tuple[str, int]]:
        """Return countries of the first `limit` signatures with the number from each, most first."""
        return Counter(self.order_by("pk").values_list("country", flat=True)[:limit]).most_common()

    def confirmed(self) -> Self:
        return self.filter(state=State.CONFIRMED)

    def invalidated(self) -> Self:
        return self.filter(state=State.INVALIDATED)

    def sample(self, petition: Petition | OuterRef, limit: int) -> Self:
        """Select a random sample of `limit` signatures: keyed hashes are random, and have an index."""
        return self.filter(petition=petition).order_by("petition_id", "fingerprint")[:limit]

    def analyze(self) -> None:
        """Refresh PostgreSQL's statistics of the table. Takes under a second at any size.

        By itself PostgreSQL notices a million new rows only after a minute or more, and until then sorts what an index
        has in order.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT petitions_analyze_signatures()")  # as their owner

    def sign(self, rows: Sequence[Mapping[str, Any]], *, is_aloud: bool, **same: Any) -> list[int | None]:
        """Insert or update each row with all that must follow (petitions/models/sign_sql.py); return the id of each.

        The id is None if the petition is not open. No two rows may have the same petition and fingerprint.
        """
        is_held = any(row["hold_reason"] for row in rows)
        with connection.cursor() as cursor:
            cursor.execute(statement(is_aloud=is_aloud, is_held=is_held), {"rows": record_set(rows), **same})
            ids = {(petition, bytes(fingerprint)): pk for petition, fingerprint, pk in cursor}
        return [ids.get((row["petition"], row["fingerprint"])) for row in rows]


class Signature(models.Model):
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, db_index=False, related_name="signatures")
    fingerprint = models.BinaryField(editable=False)  # of the address, under a key that is kept outside the database
    state = models.CharField(for_staff_lazy("state"), max_length=11, choices=State, default=State.PENDING)
    key = models.ForeignKey(
        PetitionKey, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    sealed = models.BinaryField(editable=False)  # name and address, readable only with the coalition's private key
    country = models.CharField(for_staff_lazy("country"), max_length=2)
    language = models.CharField(for_staff_lazy("language"), max_length=10)
    channel = models.CharField(for_staff_lazy("channel"), max_length=5, choices=Channel, default=Channel.WEB)
    text = models.ForeignKey(
        PetitionText, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    hold_reason = models.CharField(
        for_staff_lazy("held because of"),
        max_length=8,
        blank=True,
        choices=HoldReason,
        help_text=for_staff_lazy("Why a moderator must look at it."),
    )
    signed_on = models.DateField(for_staff_lazy("signed on"))
    confirmed_on = models.DateField(for_staff_lazy("confirmed on"), null=True, blank=True)
    nonce = models.BinaryField(null=True, editable=False)
    token_digest = models.BinaryField(null=True, editable=False)
    token_expires_at = models.DateTimeField(null=True, editable=False)
    decision = models.ForeignKey(  # the one that invalidated or released it, until that is reversed
        "petitions.Decision",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        editable=False,
        related_name="+",
    )
    batch = models.ForeignKey(
        PaperBatch,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        editable=False,
        related_name="+",
    )
    batch_row = models.PositiveIntegerField(null=True, editable=False)  # the line in its file, or the row on its sheet

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("signature")
        verbose_name_plural = for_staff_lazy("signatures")
        permissions = [
            ("moderate_signature", "Can release and invalidate signatures"),
            ("find_signature", "Can look a signature up by its address"),
        ]
        indexes = [
            models.Index(
                fields=["state", "id"],
                name="signature_set_aside",
                condition=Q(state__in=["held", "withdrawn", "invalidated"]),
            ),
            models.Index(fields=["country", "id"], name="signature_held_from", condition=Q(state="held")),
            models.Index(fields=["hold_reason", "id"], name="signature_held_for", condition=Q(state="held")),
            models.Index(fields=["decision", "id"], name="signature_of_job", condition=Q(decision__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["petition", "fingerprint"], name="signature_once_per_address"),
            models.UniqueConstraint(
                fields=["token_digest"], name="signature_token_once", condition=Q(token_digest__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["batch", "batch_row"], name="signature_once_per_row", condition=Q(batch__isnull=False)
            ),
            models.CheckConstraint(name="signature_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="signature_confirmed_has_day",
                condition=~Q(state="confirmed") | Q(confirmed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"

    @property
    def mark(self) -> str:
        """What tells it in the journal from another that got its number after a restore."""
        return journal.mark("signature", self.pk, bytes(self.fingerprint).hex())

    @property
    def country_name(self) -> str:
        return countries.name_of(self.country)

    def change_to(self, state: State) -> None:
        """Set the state; the caller saves. Raises ForbiddenChange where CHANGES does not allow it."""
        if state not in SIGNATURE_CHANGES[State(self.state)]:
            raise ForbiddenChange(f"{self.state} -> {state}")
        self.state = state


class HeldSignature(Signature):
    """Signatures as the rows of the moderators' queue."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = for_staff_lazy("held signature")
        verbose_name_plural = for_staff_lazy("held signatures")
