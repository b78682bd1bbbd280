"""Signing and confirming: the two acts of a signer.

Signing tells nobody anything: the same statements run for an address that is new, pending, confirmed or withdrawn, and
what mail it gets is decided later, by the worker (petitions/mails.py).
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from campaign.outbox import work
from campaign.protection.networks import Address
from campaign.supporters import subscribing, tokens
from campaign.supporters.addresses import fingerprint
from campaign.supporters.models import Consent
from campaign.supporters.sealing import seal
from petitions import counting
from petitions.models import Channel, Petition, PetitionText, Signature, State
from petitions.screening import hold_reason

LIFETIME = timedelta(days=7)  # of a link that was not used
TOKEN = "petition-confirm"  # noqa: S105  # a purpose, not a secret
CONFIRMATION = "petitions.confirmation"


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
    client: Address | None = None,
    wants_news: bool = False,
) -> int:
    """Record a signature to be confirmed by mail; its id. Raises NotOpen."""
    if not petition.is_open or petition.active_key is None:
        raise NotOpen
    reason = hold_reason(petition_id=petition.pk, address=address, country=country, client=client)
    sealed = seal({"name": name, "email": address}, petition.active_key.public_key)
    nonce = tokens.new_nonce()
    with transaction.atomic():
        signature, nonce = Signature.objects.upsert(
            petition=petition.pk,
            fingerprint=fingerprint(address, f"petition {petition.pk}"),
            key=petition.active_key.pk,
            sealed=sealed,
            country=country,
            language=text.language,
            channel=Channel.WEB,
            text=text.pk,
            consent=consent.pk,
            nonce=nonce,
            token_digest=tokens.digest(tokens.token_for(nonce, TOKEN)),
            lifetime=LIFETIME,
            hold_reason=reason,
        )
        work.put(CONFIRMATION, payload={"signature": signature}, secret={"address": address})
        if wants_news:
            subscribing.subscribe(address=address, language=text.language, token=tokens.token_for(nonce, TOKEN))
    return signature


def find(token: str) -> Signature | None:
    """The signature that this link confirms or has confirmed; None if the link is wrong, expired or too late."""
    mine = Signature.objects.with_token(tokens.digest(token)).select_related("petition")
    signature = mine.first()
    return signature if signature and is_usable(signature) else None


def is_usable(signature: Signature) -> bool:
    if signature.state == State.PENDING:
        expires_at = signature.token_expires_at
        return bool(expires_at and expires_at > timezone.now()) and signature.petition.takes_confirmations
    return signature.state in {State.CONFIRMED, State.HELD}


@transaction.atomic
def confirm(token: str) -> Signature | None:
    """Count the signature that this link belongs to; again changes nothing and succeeds. None as for `find`."""
    mine = Signature.objects.with_token(tokens.digest(token)).select_related("petition")
    signature = mine.select_for_update(of=("self",)).first()
    if not signature or not is_usable(signature):
        return None
    if signature.state == State.PENDING:
        accept(signature)
        subscribing.confirm_with_signature(token)
    return signature


def accept(signature: Signature) -> None:
    """Its signer has confirmed it: it counts, unless a moderator must look first."""
    signature.change_to(State.HELD if signature.hold_reason else State.CONFIRMED)
    signature.confirmed_on = timezone.now().date()
    signature.save(update_fields=["state", "confirmed_on"])
    if signature.state == State.CONFIRMED:
        counting.note(signature, +1)
