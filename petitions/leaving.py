"""Leaving: what somebody can do with what is stored of them, by a link mailed to their address.

The link carries the address, encrypted, for two days; this server keeps no list by which it could look it up. Name and
address are sealed, so they cannot be shown: they can be replaced, withdrawn and deleted.
"""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from campaign.outbox import work
from campaign.secrecy import passages
from campaign.secrecy.sealing import seal
from petitions import counting, finding, reminding, voices
from petitions.confirming import erase
from petitions.models import Petition, Signature, State, Voice
from petitions.models.signature import LIVING, HoldReason
from petitions.voices import Said

PASSAGE = "petition-leaving"
LEAVING = "petitions.leaving"
SEALED = (
    "Your name and address are stored sealed; this server cannot read them. This file is about signatures only. To "
    "stop the newsletter, use the link that is in each of its mails. For letters to senators, use the link in the mail "
    "that you got about them."
)


def ask(*, address: str, language: str) -> None:
    """Have the link mailed; whether there is anything behind it, only the mailbox learns."""
    work.put(LEAVING, payload={"language": language}, secret={"address": address})


def token_for(address: str) -> str:
    return passages.wrap({"email": address}, PASSAGE)


def address_of(token: str) -> str | None:
    found = passages.unwrap(token, PASSAGE)
    return found["email"] if found else None


def signatures_of(address: str) -> list[Signature]:
    """Every signature of this address, newest petition first."""
    petitions = Prefetch("petition", queryset=Petition.objects.for_display())
    mine = finding.signatures_of(address).select_related("voice").prefetch_related(petitions)
    return list(mine.order_by("-petition"))


def find(address: str, slug: str) -> Signature | None:
    return next((signature for signature in signatures_of(address) if signature.petition.slug == slug), None)


@transaction.atomic
def withdraw(signature: Signature) -> None:
    """It no longer counts, also if staff take a decision on it back. The row stays, so that one may sign again; who was
    invalidated counts then only after a moderator has looked."""
    found = locked(signature)
    if found is None or found.state == State.WITHDRAWN:
        return
    reminding.forget(found)
    was_counted = found.state == State.CONFIRMED
    if found.state == State.INVALIDATED:
        found.hold_reason = HoldReason.JUDGED
    found.change_to(State.WITHDRAWN)
    found.decision = None
    found.save(update_fields=["state", "decision", "hold_reason"])
    voices.hush([found])
    if was_counted:
        counting.note(found, -1)


@transaction.atomic
def correct(signature: Signature, *, name: str, address: str, postal: str = "", reason: str = "") -> None:
    """Seal these words in the place of all that was sealed; to the petition's present key, if it has one still."""
    found = locked(signature)
    if found is None:
        return
    key = signature.petition.active_key or found.key
    typed = {"name": name, "email": address, "address": postal, "reason": reason}
    given = {column: words for column, words in typed.items() if words}
    found.key, found.sealed = key, seal(given, key.public_key)
    found.save(update_fields=["key", "sealed"])


@transaction.atomic
def speak(signature: Signature, said: Said) -> None:
    """Have this shown in the place of what was, or nothing; not of who has withdrawn or does not count."""
    found = locked(signature)
    if found and found.state in LIVING:
        voices.say(found, said)


@transaction.atomic
def forget(signature: Signature) -> None:
    """Delete it and all that hangs on it."""
    if found := locked(signature):
        erase(found)


def public_part(signature: Signature) -> dict[str, Any] | None:
    """What is shown of it, or waits to be, in words that the signer knows."""
    voice: Voice | None = getattr(signature, "voice", None)
    return {"state": voice.state, **voice.said} if voice else None


def locked(signature: Signature) -> Signature | None:
    """As it is now; None if another click has deleted it."""
    return Signature.objects.select_for_update().filter(pk=signature.pk).first()


def export(address: str) -> dict[str, Any]:
    """All that this server can read of the signatures of the address."""
    return {
        "address": address,
        "note": SEALED,
        "signatures": [
            {
                "petition": signature.petition.text.title,
                "state": signature.state,
                "country": signature.country,
                "language": signature.language,
                "channel": signature.channel,
                "text_version": signature.text_id,
                "signed_on": signature.signed_on.isoformat(),
                "confirmed_on": signature.confirmed_on and signature.confirmed_on.isoformat(),
                "public": public_part(signature),
            }
            for signature in signatures_of(address)
        ],
    }
