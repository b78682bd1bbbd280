"""Signing: the first act of a signer; the second is confirming (petitions/confirming.py).

It tells nobody anything: the same statements run for an address that is new, pending, confirmed or withdrawn, and
what mail it gets is decided later, by the worker (petitions/mails.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.group_commit import GroupCommit
from campaign.outbox import work
from campaign.protection.networks import Address
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.sealing import seal
from campaign.supporters.models import Consent
from petitions.models import Petition, PetitionText, Signature
from petitions.reminding import LIFETIME
from petitions.screening import Check, check, hold_reasons
from petitions.voices import NOTHING, Said, box

TOKEN = "petition-confirm"  # noqa: S105  # a purpose, not a secret
CODE = "petition-code"
CONFIRMATION = "petitions.confirmation"


def fingerprint_for(petition_id: int, address: str) -> bytes:
    """What stands for the address in this petition, online and on paper; another petition has another."""
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
    said: Said = NOTHING,
) -> int:
    """Record a signature to be confirmed by mail; its id. Raises NotOpen."""
    if not petition.is_open or petition.active_key is None:
        raise NotOpen
    sealed = seal({"name": name, "email": address, **said.sealed_values}, petition.active_key.public_key)
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
        "token_digest": tokens.digest(tokens.token_for(nonce, TOKEN)),
        "sealed_secret": work.seal({"address": address, "wants_news": wants_news}),
        "voice": box(said.words(country=country, language=language)),
    }
    asked = check(petition_id=petition.pk, address=address, country=country, client=client)
    pk = write(Signing(row, asked, is_aloud=petition.asks_why))
    if pk is None:
        raise NotOpen
    return pk


@dataclass(frozen=True, slots=True)
class Signing:
    row: Mapping[str, Any]
    check: Check
    is_aloud: bool

    @property
    def key(self) -> tuple[int, bytes]:
        return self.row["petition"], self.row["fingerprint"]


def write_all(signings: Sequence[Signing]) -> list[int | None]:
    """The id of each, or None where the petition is not open: two statements, however many come at once."""
    reasons = hold_reasons([signing.check for signing in signings])
    rows = [{**signing.row, "hold_reason": reason} for signing, reason in zip(signings, reasons, strict=True)]
    is_aloud = any(signing.is_aloud for signing in signings)
    return Signature.objects.sign(rows, is_aloud=is_aloud, kind=CONFIRMATION, lifetime=LIFETIME)


write = GroupCommit(write_all, key=lambda signing: signing.key)
