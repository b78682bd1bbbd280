"""Signing: the first act of a signer; the second is confirming (petitions/confirming.py).

It tells nobody anything: the same statements run for an address that is new, pending, confirmed or withdrawn, and
what mail it gets is decided later, by the worker (petitions/mails.py).
"""

from campaign.outbox import work
from campaign.protection.networks import Address
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.sealing import seal
from campaign.supporters.models import Consent
from petitions.models import Channel, Petition, PetitionText, Signature
from petitions.reminding import LIFETIME
from petitions.screening import hold_reason
from petitions.voices import NOTHING, Said, box

TOKEN = "petition-confirm"  # noqa: S105  # a purpose, not a secret
CODE = "petition-code"
CONFIRMATION = "petitions.confirmation"


def fingerprint_for(petition: Petition, address: str) -> bytes:
    """What stands for the address in this petition; another petition has another."""
    return fingerprint(address, f"petition {petition.pk}")


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
    reason = hold_reason(petition_id=petition.pk, address=address, country=country, client=client)
    sealed = seal({"name": name, "email": address, **said.sealed_values}, petition.active_key.public_key)
    nonce = tokens.new_nonce()
    pk = Signature.objects.sign(
        is_aloud=petition.asks_why,
        petition=petition.pk,
        fingerprint=fingerprint_for(petition, address),
        key=petition.active_key.pk,
        sealed=sealed,
        country=country,
        language=language,
        channel=Channel.WEB,
        text=text.pk,
        consent=consent.pk,
        nonce=nonce,
        token_digest=tokens.digest(tokens.token_for(nonce, TOKEN)),
        lifetime=LIFETIME,
        hold_reason=reason,
        kind=CONFIRMATION,
        voice=box(said.words(country=country, language=language)),
        sealed_secret=work.seal({"address": address, "wants_news": wants_news}),
    )
    if pk is None:
        raise NotOpen
    return pk
