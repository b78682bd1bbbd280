"""A signature: one person's act. Who it was is sealed and cannot be read here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaign import countries
from campaign.postgresql import recordset
from campaign.supporters.models import Consent
from petitions.models.key import PetitionKey
from petitions.models.paper import PaperBatch
from petitions.models.petition import Petition
from petitions.models.statement import statement
from petitions.models.text import PetitionText


class State(models.TextChoices):
    PENDING = "pending", _("pending")
    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held")
    WITHDRAWN = "withdrawn", _("withdrawn")
    INVALIDATED = "invalidated", _("invalidated")


LIVING = [State.PENDING, State.CONFIRMED, State.HELD]  # they count or may come to count

# From state to the states it may change to; anything else raises ForbiddenChange.
CHANGES = {
    State.PENDING: {State.CONFIRMED, State.HELD, State.WITHDRAWN, State.INVALIDATED},
    State.CONFIRMED: {State.HELD, State.WITHDRAWN, State.INVALIDATED},  # held again if its release is taken back
    State.HELD: {State.CONFIRMED, State.WITHDRAWN, State.INVALIDATED},
    State.WITHDRAWN: {State.PENDING},
    State.INVALIDATED: {State.PENDING, State.HELD, State.CONFIRMED, State.WITHDRAWN},  # back to what it was, or left
}


class ForbiddenChange(Exception):
    """A state that this signature cannot change to."""


class HoldReason(models.TextChoices):
    BLOCKED = "blocked", _("a blocked domain")
    NETWORK = "network", _("many from one network")
    DOMAIN = "domain", _("many from one domain")
    COUNTRY = "country", _("many from one country")
    RETURNED = "returned", _("its release was taken back")
    JUDGED = "judged", _("was invalidated, withdrawn and signed anew")


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
        """Those of these tokens, with what of their petitions says whether they can be, locked in the order of their
        keys. Not all columns: to name them took longer than the rest of confirming."""
        petition = ("petition__slug", "petition__visibility", "petition__closes_at")
        mine = self.filter(token_digest__in=list(digests)).select_related("petition").only(*TO_CONFIRM, *petition)
        return mine.select_for_update(of=("self",)).order_by("pk")

    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def waiting_for_link(self) -> Self:
        """Not confirmed, and the link that was mailed can still be used."""
        return self.pending().filter(token_expires_at__gt=Now())

    def of(self, petition: Petition, fingerprint: bytes) -> Self:
        return self.filter(petition=petition, fingerprint=fingerprint)

    def held(self) -> Self:
        return self.filter(state=State.HELD)

    def first_by_country(self, limit: int) -> list[tuple[str, int]]:
        """How many of the first `limit` come from where, most first."""
        return Counter(self.order_by("pk").values_list("country", flat=True)[:limit]).most_common()

    def invalidated(self) -> Self:
        return self.filter(state=State.INVALIDATED)

    def sampled_states(self, petition: Petition, limit: int) -> list[str]:
        """Of `limit` signatures that stand for all: the order of keyed hashes is chance, and has an index."""
        sample = self.filter(petition=petition).order_by("petition_id", "fingerprint")
        return list(sample.values_list("state", flat=True)[:limit])

    def analyze(self) -> None:
        """Tell PostgreSQL what the table holds now. By itself it looks a minute or more after a million rows have come,
        and sorts until then what an index has in order. Takes under a second, whatever the size."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED) petitions_signature")

    def sign(self, rows: Sequence[Mapping[str, Any]], *, is_aloud: bool, **same: Any) -> list[int | None]:
        """Insert, or touch what is there, with all that must follow (petitions/models/statement.py); the id of each.
        None for a petition that is not open. No two rows have the same petition and fingerprint."""
        with connection.cursor() as cursor:
            cursor.execute(statement(is_aloud=is_aloud), {"rows": recordset.of(rows), **same})
            ids = {(petition, bytes(fingerprint)): pk for petition, fingerprint, pk in cursor}
        return [ids.get((row["petition"], row["fingerprint"])) for row in rows]


class Signature(models.Model):
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, db_index=False, related_name="signatures")
    fingerprint = models.BinaryField(editable=False)  # of the address, under a key that is not in the database
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.PENDING)
    key = models.ForeignKey(
        PetitionKey, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    sealed = models.BinaryField(editable=False)  # name and address, readable only with the coalition's private key
    country = models.CharField(_("country"), max_length=2)
    language = models.CharField(_("language"), max_length=10)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, default=Channel.WEB)
    text = models.ForeignKey(
        PetitionText, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    hold_reason = models.CharField(
        _("held because of"),
        max_length=8,
        blank=True,
        choices=HoldReason,
        help_text=_("Why a moderator must look at it."),
    )
    signed_on = models.DateField(_("signed on"))
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    nonce = models.BinaryField(null=True, editable=False)
    token_digest = models.BinaryField(null=True, editable=False)
    token_expires_at = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    decision = models.ForeignKey(  # by which it was invalidated or released, until that is taken back
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
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [
            ("moderate_signature", _("Can release and invalidate signatures")),
            ("find_signature", _("Can look a signature up by its address")),
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
    def country_name(self) -> str:
        return countries.name_of(self.country)

    def change_to(self, state: State) -> None:
        """Set the state; raises ForbiddenChange where CHANGES does not allow it. The caller saves."""
        if state not in CHANGES[State(self.state)]:
            raise ForbiddenChange(f"{self.state} -> {state}")
        self.state = state
