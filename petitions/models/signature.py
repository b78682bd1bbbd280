"""A signature: one person's act. Who it was is sealed and cannot be read here."""

from typing import Any, Self

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign import countries
from campaign.outbox import work
from campaign.supporters.models import Consent
from petitions.models.paper import PaperBatch
from petitions.models.petition import Petition, PetitionKey, PetitionText


class State(models.TextChoices):
    PENDING = "pending", _("pending")
    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held")
    WITHDRAWN = "withdrawn", _("withdrawn")
    INVALIDATED = "invalidated", _("invalidated")


# From state to the states it may change to; anything else raises ForbiddenChange.
CHANGES = {
    State.PENDING: {State.CONFIRMED, State.HELD, State.WITHDRAWN, State.INVALIDATED},
    State.CONFIRMED: {State.WITHDRAWN, State.INVALIDATED},
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


class Channel(models.TextChoices):
    WEB = "web", _("online")
    PAPER = "paper", _("on paper")


# One statement for every address, new or known, so that no answer is slower than another. A pending signature takes
# the newest name and wording; a withdrawn one begins anew, online; all others stay as they are. One from paper gets a
# link. Codes can be tried again once the link has ended: five in a week stay too few to guess one.
# Nothing is written unless the petition is open now: what the caller has read may be a moment old.
UPSERT = """
    INSERT INTO petitions_signature AS s (
        petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id,
        signed_on, nonce, token_digest, token_expires_at, hold_reason, code_tries
    )
    SELECT
        p.id, %(fingerprint)s, 'pending', %(key)s, %(sealed)s, %(country)s, %(language)s, %(channel)s, %(text)s,
        %(consent)s, current_date, %(nonce)s, %(token_digest)s, now() + %(lifetime)s,
        %(hold_reason)s, 0
    FROM petitions_petition p
    WHERE p.id = %(petition)s AND p.visibility = 'published' AND NOT p.is_paused
        AND NOT EXISTS (SELECT FROM protection_sitepause WHERE is_on)
        AND p.opens_at <= statement_timestamp() AND coalesce(p.closes_at > statement_timestamp(), true)
    ON CONFLICT (petition_id, fingerprint) DO UPDATE SET
        state = CASE WHEN s.state = 'withdrawn' THEN 'pending' ELSE s.state END,
        key_id = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.key_id ELSE s.key_id END,
        sealed = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.sealed ELSE s.sealed END,
        country = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.country ELSE s.country END,
        language = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.language ELSE s.language END,
        text_id = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.text_id ELSE s.text_id END,
        consent_id = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.consent_id ELSE s.consent_id END,
        signed_on = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.signed_on ELSE s.signed_on END,
        hold_reason = CASE
            WHEN s.state = 'withdrawn' OR s.state = 'pending' AND s.hold_reason = '' THEN excluded.hold_reason
            ELSE s.hold_reason END,
        nonce = CASE WHEN s.state = 'withdrawn' OR s.nonce IS NULL THEN excluded.nonce ELSE s.nonce END,
        token_digest = CASE
            WHEN s.state = 'withdrawn' OR s.nonce IS NULL THEN excluded.token_digest ELSE s.token_digest END,
        token_expires_at = CASE
            WHEN s.state IN ('pending', 'withdrawn') THEN excluded.token_expires_at ELSE s.token_expires_at END,
        code_tries = CASE
            WHEN s.state = 'withdrawn' OR s.state = 'pending' AND s.token_expires_at < now() THEN 0
            ELSE s.code_tries END,
        channel = CASE WHEN s.state = 'withdrawn' THEN excluded.channel ELSE s.channel END,
        confirmed_on = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.confirmed_on END,
        batch_id = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.batch_id END,
        batch_row = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.batch_row END
    RETURNING s.id, s.nonce
"""
PUT = work.PUT.format(payload="jsonb_build_object('signature', id)", source="signed")
SIGN = f"WITH signed AS ({UPSERT}), put AS ({PUT}) SELECT id, nonce FROM signed"  # noqa: S608  # both stand above


class SignatureQuerySet(models.QuerySet["Signature"]):
    def confirmed(self) -> Self:
        return self.filter(state=State.CONFIRMED)

    def with_token(self, digest: bytes) -> Self:
        return self.filter(token_digest=digest)

    def of(self, petition: Petition, fingerprint: bytes) -> Self:
        return self.filter(petition=petition, fingerprint=fingerprint)

    def held(self) -> Self:
        return self.filter(state=State.HELD)

    def invalidated(self) -> Self:
        return self.filter(state=State.INVALIDATED)

    def sampled_states(self, petition: Petition, limit: int) -> list[str]:
        """Of `limit` signatures that stand for all: the order of keyed hashes is chance, and has an index."""
        sample = self.filter(petition=petition).order_by("petition", "fingerprint")
        return list(sample.values_list("state", flat=True)[:limit])

    def sign(self, **values: Any) -> tuple[int, bytes] | None:
        """Insert, or touch what is there, and put `kind` into the outbox; the row's id and its nonce, which is the old
        one for a known address. None if the petition is not open."""
        with connection.cursor() as cursor:
            cursor.execute(SIGN, values)
            row = cursor.fetchone()
            return (row[0], bytes(row[1])) if row else None


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
    invalidation = models.ForeignKey(
        "petitions.Invalidation",
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
            models.Index(
                fields=["invalidation", "id"], name="signature_of_job", condition=Q(invalidation__isnull=False)
            ),
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
