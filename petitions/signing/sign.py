"""Record a signature, which its signer then confirms by mail (petitions/signing/confirming.py).

Signing reveals nothing about an address: the same statements run whether it is new, pending, confirmed or withdrawn.
Which mail it gets is decided later, by the worker (petitions/signing/mails.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from campaign.mail import budgets
from campaign.observability import request_ids
from campaign.outbox.handlers import BUDGET
from campaign.performance.group_commit import GroupCommit
from campaign.protection.limits import leaky_bucket
from campaign.protection.networks import Address
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.encryption import seal_json
from campaign.secrecy.periods.keys import Purpose
from campaign.secrecy.sealing import seal
from campaign.supporters.models import Consent
from campaign.supporters.subscriptions import WISH
from petitions.models import Petition, PetitionText, Signature
from petitions.public.comments import PublicComment, sealed_words
from petitions.signing.fraud_checks import Check, check, hold_reasons

TOKEN_PURPOSE = "petition-confirm"  # noqa: S105  # a purpose, not a secret
CODE_PURPOSE = "petition-code"
CONFIRMATION, REMINDER = "petitions.confirmation", "petitions.reminder"
FOLLOW_UPS = [REMINDER, WISH]  # what waits for a signature to be confirmed
LIFETIME = timedelta(days=7)  # of a link that was not used


def fingerprint_for(petition_id: int, address: str) -> bytes:
    """Return what stands for the address in this petition, online and on paper; it is different in any other."""
    return fingerprint(address, f"petition {petition_id}")


class NotOpen(Exception):
    """The petition is paused, closed or not open yet."""


def sign(
    *,
    petition: Petition,
    text: PetitionText,
    consent: Consent,
    name: str,
    address: str,
    country: str,
    language: str,
    client: Address | None = None,
    wants_news: bool = False,
    said: PublicComment | None = None,
) -> int:
    """Record a signature to be confirmed by mail; return its id. Raises NotOpen."""
    if not petition.is_open or petition.active_key is None:
        raise NotOpen
    sealed = seal(
        {"name": name, "email": address, **(said.sealed_values if said else {})}, petition.active_key.public_key
    )
    nonce = tokens.new_nonce()
    row = {
        "petition": petition.pk,
        "fingerprint": fingerprint_for(petition.pk, address),
        "key": petition.active_key.pk,
        "sealed": sealed,
        "country": country,
        "language": language,
        "text": text.pk,
        "consent": consent.pk,
        "nonce": nonce,
        "token_digest": tokens.digest(tokens.token_for(nonce, TOKEN_PURPOSE)),
        "sealed_secret": seal_json({"address": address, "wants_news": wants_news}, Purpose.SHORT),
        "request": request_ids.to_store(),
        "voice": sealed_words(said.words(country=country, language=language)) if said else None,
    }
    asked = check(petition_id=petition.pk, address=address, country=country, client=client)
    pk = write(Signing(row, asked, budgets.drops_of(address, client), is_aloud=petition.asks_why))
    if pk is None:
        raise NotOpen
    return pk


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature to be written, with what it adds to the meters of fraud checks and of mail."""

    row: Mapping[str, Any]
    check: Check
    mail: Sequence[leaky_bucket.Drop]
    is_aloud: bool

    @property
    def key(self) -> tuple[int, bytes]:
        return self.row["petition"], self.row["fingerprint"]


def write_all(signings: Sequence[Signing]) -> list[int | None]:
    """Record signatures in two statements, however many there are.

    Return the id of each, or None where the petition is not open.
    """
    checks = [signing.check for signing in signings]
    screened = [(drop.key, drop.rate) for check in checks for drop in check.drops]
    mailed = [drop for signing in signings for drop in signing.mail]
    full, waits = leaky_bucket.fill(screened, mailed, longest=budgets.LONGEST_WAIT)
    found = iter(waits)
    rows = []
    for signing, reason in zip(signings, hold_reasons(checks, full), strict=True):
        wait = max((next(found) for _ in signing.mail), default=timedelta())
        trace = signing.check.trace() if reason else {}
        rows.append({**signing.row, **trace, "hold_reason": reason, "mail_wait": wait.total_seconds()})
    is_aloud = any(signing.is_aloud for signing in signings)
    return Signature.objects.sign(rows, is_aloud=is_aloud, kind=CONFIRMATION, reason=BUDGET, lifetime=LIFETIME)


write = GroupCommit(write_all, key=lambda signing: signing.key)
