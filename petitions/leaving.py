"""Leaving: what somebody can do with what is stored of them, by a link mailed to their address.

The link carries the address, encrypted, for two days; this server keeps no list by which it could look it up. Name and
address are sealed, so they cannot be shown: they can be replaced, withdrawn and deleted.
"""

from typing import Any

from django.db import transaction

from campaign.outbox import work
from campaign.secrecy import passages
from campaign.secrecy.sealing import seal
from petitions import counting, voices
from petitions.confirming import erase
from petitions.models import Petition, Signature, State, Voice
from petitions.signing import fingerprint_for
from petitions.voices import Said

PASSAGE = "petition-leaving"
LEAVING = "petitions.leaving"


def ask(*, address: str, language: str) -> None:
    """Have the link mailed; whether there is anything behind it, only the mailbox learns."""
    work.put(LEAVING, payload={"language": language}, secret={"address": address})


def token_for(address: str) -> str:
    return passages.wrap({"email": address}, PASSAGE)


def address_of(token: str) -> str | None:
    found = passages.unwrap(token, PASSAGE)
    return found["email"] if found else None


def signatures_of(address: str) -> list[Signature]:
    """Every signature of this address, newest petition first; one look-up for each petition."""
    petitions = Petition.objects.for_display().order_by("-pk")
    found = []
    for petition in petitions:
        mine = Signature.objects.of(petition, fingerprint_for(petition, address))
        for signature in mine.select_related("voice"):
            signature.petition = petition
            found.append(signature)
    return found


def find(address: str, slug: str) -> Signature | None:
    return next((signature for signature in signatures_of(address) if signature.petition.slug == slug), None)


@transaction.atomic
def withdraw(signature: Signature) -> None:
    """It no longer counts, also if staff take a decision on it back. The row stays, so that one may sign again."""
    signature = locked(signature)
    if signature.state == State.WITHDRAWN:
        return
    was_counted = signature.state == State.CONFIRMED
    signature.change_to(State.WITHDRAWN)
    signature.decision = None
    signature.save(update_fields=["state", "decision"])
    voices.hush([signature])
    if was_counted:
        counting.note(signature, -1)


@transaction.atomic
def correct(signature: Signature, *, name: str, address: str, reason: str = "") -> None:
    """Seal these words in the place of those that were given; to the petition's present key."""
    signature, key = locked(signature), signature.petition.active_key
    if key is None:
        raise ValueError("the petition has no key")
    values = {"name": name, "email": address, **Said(reason).sealed_values}
    signature.key, signature.sealed = key, seal(values, key.public_key)
    signature.save(update_fields=["key", "sealed"])


@transaction.atomic
def speak(signature: Signature, said: Said) -> None:
    """Have this shown in the place of what was, or nothing; not of who has withdrawn or does not count."""
    signature = locked(signature)
    if signature.state in {State.PENDING, State.HELD, State.CONFIRMED}:
        voices.say(signature, said)


@transaction.atomic
def forget(signature: Signature) -> None:
    """Delete it and all that hangs on it."""
    erase(locked(signature))


def public_part(signature: Signature) -> dict[str, Any] | None:
    """What is shown of it, or waits to be, in words that the signer knows."""
    voice: Voice | None = getattr(signature, "voice", None)
    return {"state": voice.state, **voice.said} if voice else None


def locked(signature: Signature) -> Signature:
    return Signature.objects.select_for_update().get(pk=signature.pk)


def export(address: str) -> dict[str, Any]:
    """All that this server can read about the address."""
    return {
        "address": address,
        "note": "Your name and address are stored sealed; this server cannot read them.",
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
