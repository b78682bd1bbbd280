"""Confirm signatures by the mailed link or code, and erase those that their address's owner disowns.

A code that is typed for an address costs the same statements whatever is known of the address: tries are counted in a
leaky bucket, which any address has, and not in the row of a signature, which only signers have.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.core import signing as signatures
from django.db import transaction

from campaign.database import clock
from campaign.journal import journal
from campaign.mail.cooldown import honour, seal_for
from campaign.outbox import queue, suppressions
from campaign.performance.group_commit import GroupCommit
from campaign.protection.limits import leaky_bucket
from campaign.protection.limits.leaky_bucket import Rate
from campaign.secrecy import tokens
from campaign.secrecy.addresses import keyed_hash
from campaign.supporters import subscriptions
from petitions.counting import events
from petitions.models import Petition, Signature, State
from petitions.public import selectors
from petitions.signing.sign import (
    CODE_PURPOSE,
    CONFIRMATION,
    FOLLOW_UPS,
    LIFETIME,
    REMINDER,
    TOKEN_PURPOSE,
    fingerprint_for,
)

CODE_TRIES = Rate(burst=5, every=LIFETIME / 5)  # ten in the life of a link stay too few to guess one of eight digits
NO_NONCE = bytes(tokens.NONCE_BYTES)
DISOWN = "not-me"


def find(token: str) -> Signature | None:
    """Return the signature that this link confirms or has confirmed, with its petition as visitors see it.

    Return None if the link is wrong or has expired, or if the petition takes no more confirmations.
    """
    link = Signature.objects.with_token(tokens.digest(token)).only(
        "state", "token_expires_at", "language", "petition_id", "text_id"
    )
    signature = next(iter(link), None)
    if signature is None:
        return None
    signature.petition = selectors.of_number(signature.petition_id)
    return signature if is_usable(signature) else None


def is_usable(signature: Signature) -> bool:
    if signature.state == State.PENDING:
        expires_at = signature.token_expires_at
        return bool(expires_at and expires_at > clock.now()) and signature.petition.takes_confirmations
    return signature.state in {State.CONFIRMED, State.HELD}


@dataclass(frozen=True, slots=True)
class UsedLink:
    """One use of a mailed link, with the receipt and the wish for news that its query carries."""

    digest: bytes
    receipt: str


def confirm(token: str, *, receipt: str = "") -> Signature | None:
    """Count the signature that this link belongs to, and return it; return None where `find` does.

    The first time, the mail also stops counting against its address, and the wish for news is granted. Using the link
    again changes nothing and succeeds.
    """
    return confirm_together(UsedLink(tokens.digest(token), receipt))


@transaction.atomic
def confirm_all(links: Sequence[UsedLink]) -> list[Signature | None]:
    """Do what `confirm` does for each link, in the same few statements however many there are."""
    signatures = {
        bytes(one.token_digest or b""): one for one in Signature.objects.to_confirm(link.digest for link in links)
    }
    usable = {digest: signature for digest, signature in signatures.items() if is_usable(signature)}
    first = [link for link in links if link.digest in usable and usable[link.digest].state == State.PENDING]
    if first:
        accept_signatures([usable[link.digest] for link in first])
        honour(*(link.receipt for link in first))
    return [usable.get(link.digest) for link in links]


confirm_together = GroupCommit(confirm_all, key=attrgetter("digest"))


def accept_signatures(signatures: Sequence[Signature]) -> None:
    """Count signatures that their signers have confirmed; hold those that a moderator must look at first."""
    queue.forget([REMINDER], [signature.pk for signature in signatures])
    subscriptions.grant_wishes([signature.pk for signature in signatures])
    by_state: dict[State, list[Signature]] = {}
    for signature in signatures:
        signature.change_to(State.HELD if signature.hold_reason else State.CONFIRMED)
        by_state.setdefault(State(signature.state), []).append(signature)
        signature.confirmed_on = clock.now().date()
        signature.token_expires_at = None  # it would give away the second of signing
    for state, alike in by_state.items():
        mine = Signature.objects.filter(pk__in=[signature.pk for signature in alike])
        mine.update(state=state, confirmed_on=alike[0].confirmed_on, token_expires_at=None)
    events.note_all(by_state.get(State.CONFIRMED, ()), +1)


def code_for(nonce: bytes | memoryview) -> str:
    """Return eight digits, derived like the token, for signers who read their mail on another device."""
    return tokens.digits_for(nonce, CODE_PURPOSE)


def confirm_by_code(*, petition: Petition, address: str, code: str) -> Signature | None:
    """Do what `confirm` does; return None also for a wrong code, and after CODE_TRIES of them, against guessing.

    Until a code is right, the same two statements run whether the address has signed or not. Whoever signs anew after
    withdrawing has a new nonce, and with it new tries.
    """
    fingerprint = fingerprint_for(petition.pk, address)
    found = Signature.objects.of(petition, fingerprint).values_list("nonce", flat=True).first()
    nonce = bytes(found or NO_NONCE)
    is_right = hmac.compare_digest(code_for(nonce), code) and found is not None
    one_try = (keyed_hash(f"{fingerprint.hex()} {nonce.hex()}", "tries of a code"), CODE_TRIES)
    if leaky_bucket.drip([one_try]) or not is_right:
        return None
    leaky_bucket.take_back([one_try])
    return confirm(tokens.token_for(nonce, TOKEN_PURPOSE), receipt=seal_for(address))


def address_seal(address: str) -> str:
    """Return what a mailed "it wasn't me" link carries, so that its address can be suppressed without being known."""
    return tokens.signed(suppressions.fingerprint_of(address), DISOWN)


@transaction.atomic
def disown(token: str, seal: str) -> None:
    """Erase the signature of somebody who says "it wasn't me", and suppress the address.

    The address is suppressed even if the signature is gone by now, since the seal was in one mailbox only. A forged
    seal does nothing.
    """
    if signature := Signature.objects.with_token(tokens.digest(token)).select_for_update().first():
        erase(signature)
    if suppressed := sealed_fingerprint(seal):
        suppressions.add(suppressed, suppressions.Cause.NOT_ME)


def sealed_fingerprint(seal: str) -> bytes | None:
    """Return what is in a seal; those of mails of older releases are longer, and no less good."""
    if found := tokens.signed_bytes(seal, DISOWN):
        return found
    try:
        return bytes.fromhex(signatures.loads(seal, salt=DISOWN))
    except (signatures.BadSignature, ValueError):
        return None


def erase(signature: Signature) -> None:
    """Delete the signature and mail about it that has not gone out, and adjust the count."""
    queue.forget([CONFIRMATION, *FOLLOW_UPS], [signature.pk])
    journal.record("signature", id=signature.pk, mark=signature.mark, state="erased")
    signature.delete()
    if signature.state == State.CONFIRMED:
        events.note(signature, -1)
