"""Confirming: what the link in a signer's mail, or the code beside it, does."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.core import signing as signatures
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from campaign.group_commit import GroupCommit
from campaign.outbox import work
from campaign.outbox.models import Suppression
from campaign.outbox.receipts import honour, seal_for
from campaign.outbox.suppressions import fingerprint_of
from campaign.secrecy import tokens
from campaign.supporters import subscribing
from petitions import counting, reminding, showing
from petitions.models import Petition, Signature, State
from petitions.signing import CODE, CONFIRMATION, TOKEN, fingerprint_for

CODE_TRIES = 5
DISOWN = "not-me"


def find(token: str) -> Signature | None:
    """The signature that this link confirms or has confirmed, with its petition as visitors are shown it; None if the
    link is wrong, expired or too late."""
    link = Signature.objects.with_token(tokens.digest(token)).only("state", "token_expires_at", "petition_id")
    signature = next(iter(link), None)
    if signature is None:
        return None
    signature.petition = showing.of_number(signature.petition_id)
    return signature if is_usable(signature) else None


def is_usable(signature: Signature) -> bool:
    if signature.state == State.PENDING:
        expires_at = signature.token_expires_at
        return bool(expires_at and expires_at > timezone.now()) and signature.petition.takes_confirmations
    return signature.state in {State.CONFIRMED, State.HELD}


@dataclass(frozen=True, slots=True)
class Link:
    """One use of a mailed link, with what came along."""

    digest: bytes
    receipt: str
    wish: str


def confirm(token: str, *, receipt: str = "", wish: str = "") -> Signature | None:
    """Count the signature that this link belongs to; again changes nothing and succeeds. None as for `find`.

    The first time, what came with the link is done too: the mail is not held against its address, news are granted.
    """
    return confirm_together(Link(tokens.digest(token), receipt, wish))


@transaction.atomic
def confirm_all(links: Sequence[Link]) -> list[Signature | None]:
    """The signature of each, as `confirm`; the same few statements, however many come at once."""
    signatures = {
        bytes(one.token_digest or b""): one for one in Signature.objects.to_confirm(link.digest for link in links)
    }
    usable = {digest: signature for digest, signature in signatures.items() if is_usable(signature)}
    first = [link for link in links if link.digest in usable and usable[link.digest].state == State.PENDING]
    if first:
        accept([usable[link.digest] for link in first])
        honour(*(link.receipt for link in first))
        for link in first:
            subscribing.grant(link.wish)
    return [usable.get(link.digest) for link in links]


confirm_together = GroupCommit(confirm_all, key=attrgetter("digest"))


def accept(signatures: Sequence[Signature]) -> None:
    """Their signers have confirmed them: they count, unless a moderator must look first."""
    reminding.forget(*signatures)
    by_state: dict[State, list[Signature]] = {}
    for signature in signatures:
        signature.change_to(State.HELD if signature.hold_reason else State.CONFIRMED)
        by_state.setdefault(State(signature.state), []).append(signature)
        signature.confirmed_on = timezone.now().date()
        signature.token_expires_at = None  # it tells the second of signing, which nothing may
    for state, alike in by_state.items():
        mine = Signature.objects.filter(pk__in=[signature.pk for signature in alike])
        mine.update(state=state, confirmed_on=alike[0].confirmed_on, token_expires_at=None)
    counting.note_all(by_state.get(State.CONFIRMED, ()), +1)


def code_for(nonce: bytes | memoryview) -> str:
    """Eight digits for those who read their mail on another device; derived like the token."""
    return tokens.digits_for(nonce, CODE)


@transaction.atomic
def confirm_by_code(*, petition: Petition, address: str, code: str, wish: str = "") -> Signature | None:
    """As `confirm`; None also for a wrong code and after five of them, so that a code cannot be guessed."""
    mine = Signature.objects.of(petition, fingerprint_for(petition.pk, address)).select_related("petition")
    signature = mine.select_for_update(of=("self",)).first()
    if not signature or not is_usable(signature) or signature.code_tries >= CODE_TRIES or not signature.nonce:
        return None
    if not hmac.compare_digest(code_for(signature.nonce), code):
        Signature.objects.filter(pk=signature.pk).update(code_tries=F("code_tries") + 1)
        return None
    return confirm(tokens.token_for(signature.nonce, TOKEN), receipt=seal_for(address), wish=wish)


def address_seal(address: str) -> str:
    """What a mailed "it wasn't me" link carries, so that its address can be suppressed without being known."""
    return signatures.dumps(fingerprint_of(address).hex(), salt=DISOWN)


@transaction.atomic
def disown(token: str, seal: str) -> None:
    """ "It wasn't me": the signature goes, and the address gets no more mail, also if the signature is gone by now: the
    seal was in one mailbox only. A forged one does nothing."""
    if signature := Signature.objects.with_token(tokens.digest(token)).select_for_update().first():
        erase(signature)
    if suppressed := sealed_fingerprint(seal):
        Suppression.objects.get_or_create(fingerprint=suppressed, defaults={"cause": Suppression.Cause.NOT_ME})


def sealed_fingerprint(seal: str) -> bytes | None:
    try:
        return bytes.fromhex(signatures.loads(seal, salt=DISOWN))
    except (signatures.BadSignature, ValueError):
        return None


def erase(signature: Signature) -> None:
    """Delete the row and mail about it that has not gone out; the count follows."""
    work.cancel(CONFIRMATION, signature=signature.pk)
    reminding.forget(signature)
    signature.delete()
    if signature.state == State.CONFIRMED:
        counting.note(signature, -1)
