"""What people can do, by a link mailed to their address, with what is stored under it.

The link carries the address, encrypted with a key that is destroyed after two to three days; the server keeps no list
in which it could look the address up. Name and address are sealed, so they cannot be shown: they can be replaced,
withdrawn and deleted.
"""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from campaign.journal import journal
from campaign.mail import budgets
from campaign.outbox import queue
from campaign.protection.networks import Address
from campaign.secrecy import passages
from campaign.secrecy.periods.keys import Purpose
from campaign.secrecy.sealing import seal
from petitions.counting import events
from petitions.models import Petition, Signature, State, Voice
from petitions.models.signature import LIVING, HoldReason
from petitions.moderation import lookup
from petitions.public import comments
from petitions.public.comments import PublicComment
from petitions.signing.confirming import erase
from petitions.signing.sign import FOLLOW_UPS

PASSAGE = "petition-leaving"
LEAVING = "petitions.leaving"
SEALED = _(
    "Your name and email address are stored sealed: only the coalition can open them, with a key kept elsewhere. "
    "This file is about signatures only. To stop the newsletter, use the link in any of its emails. For letters to "
    "senators, use the link in the email that you got about them."
)


def ask(*, address: str, language: str, client: Address | None = None) -> None:
    """Have the link mailed; only the owner of the mailbox learns whether there is anything behind it."""
    budgets.put_mail(LEAVING, payload={"language": language}, address=address, client=client)


def link_token(address: str) -> str:
    return passages.in_url({"email": address}, PASSAGE, Purpose.LINK)


def address_in_token(token: str) -> str | None:
    found = passages.read(token, PASSAGE)
    return found["email"] if found else None


def own_signatures(address: str) -> list[Signature]:
    """Return every signature of this address, newest petition first."""
    petitions = Prefetch("petition", queryset=Petition.objects.for_display())
    mine = lookup.signatures_of(address).select_related("voice", "text", "consent").prefetch_related(petitions)
    return list(mine.order_by("-petition"))


def find(address: str, slug: str) -> Signature | None:
    return next((signature for signature in own_signatures(address) if signature.petition.slug == slug), None)


@transaction.atomic
def withdraw(signature: Signature) -> None:
    """Stop counting the signature, even if staff later reverse a decision on it.

    The row stays, so that the signer can sign again; a signature that staff had invalidated then counts only after a
    moderator has looked at it.
    """
    found = locked_signature(signature)
    if found is None or found.state == State.WITHDRAWN:
        return
    queue.forget(FOLLOW_UPS, [found.pk])
    was_counted = found.state == State.CONFIRMED
    if found.state == State.INVALIDATED:
        found.hold_reason = HoldReason.JUDGED
    found.change_to(State.WITHDRAWN)
    found.decision = None
    found.save(update_fields=["state", "decision", "hold_reason"])
    journal.record("signature", id=found.pk, mark=found.mark, state=found.state)
    comments.remove_comments([found])
    if was_counted:
        events.note(found, -1)


@transaction.atomic
def correct(signature: Signature, *, name: str, address: str, postal: str = "", reason: str = "") -> None:
    """Seal these words in place of all that was sealed, to the petition's active key or, without one, the old key."""
    found = locked_signature(signature)
    if found is None:
        return
    key = signature.petition.active_key or found.key
    typed = {"name": name, "email": address, "address": postal, "reason": reason}
    given = {column: words for column, words in typed.items() if words}
    found.key, found.sealed = key, seal(given, key.public_key)
    found.save(update_fields=["key", "sealed"])


@transaction.atomic
def speak(signature: Signature, said: PublicComment) -> None:
    """Replace what is shown publicly of the signer, or show nothing; do nothing if the state is not in LIVING."""
    found = locked_signature(signature)
    if found and found.state in LIVING:
        comments.submit_comment(found, said)
        if not said.is_public:
            journal.record("silenced", id=found.pk, mark=found.mark)


@transaction.atomic
def forget(signature: Signature) -> None:
    """Delete the signature and all that depends on it."""
    if found := locked_signature(signature):
        erase(found)


def public_part(signature: Signature) -> dict[str, Any] | None:
    """Return what is shown of the signature, or waits to be, in the signer's own words; None if nothing is."""
    voice: Voice | None = getattr(signature, "voice", None)
    return {"state": voice.state, **voice.said} if voice else None


def locked_signature(signature: Signature) -> Signature | None:
    """Lock the signature and return its present state; None if another request has deleted it."""
    return Signature.objects.select_for_update().filter(pk=signature.pk).first()


def export(address: str) -> dict[str, Any]:
    """Return all that this server can read of the signatures of the address."""
    return {
        "address": address,
        "note": str(SEALED),
        "signatures": [
            {
                "petition": signature.petition.text.title,
                "state": signature.state,
                "country": signature.country,
                "language": signature.language,
                "channel": signature.channel,
                "text": f"{signature.text.language} {signature.text.version}",
                "consent": signature.consent.wording,
                "held_because": signature.hold_reason,
                "signed_on": signature.signed_on.isoformat(),
                "confirmed_on": signature.confirmed_on and signature.confirmed_on.isoformat(),
                "public": public_part(signature),
            }
            for signature in own_signatures(address)
        ],
    }
