"""Plain makers of what petition tests need."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Now

from campaign.secrecy import tokens
from campaign.secrecy.keypairs import Keypair, new_keypair
from campaign.staff.dual_control import workflow
from campaign.staff.dual_control.models import DualControlled
from campaign.supporters.models import Consent
from petitions.models import HandOver, Petition, PetitionKey, PetitionText, Signature, State
from petitions.signing import confirming, sign


def make_petition(slug: str = "stop", *, keypair: Keypair | None = None, **fields: Any) -> Petition:
    """Published and open, unless `fields` say otherwise."""
    pair = keypair or new_keypair()
    petition = Petition.objects.create(slug=slug, asked_by="A coalition")
    make_text(petition)
    petition.active_key = PetitionKey.objects.create(petition=petition, public_key=pair.public)
    for name, value in {"visibility": "published", **fields}.items():
        setattr(petition, name, value)
    petition.save()
    return petition


def make_text(petition: Petition, language: str = "en", version: int = 1, **changes: Any) -> PetitionText:
    words = {
        "addressee": "To the United Nations",
        "title": "Stop it",
        "summary": "Please stop it.",
        "body": "One.\n\nTwo.",
        **changes,
    }
    return PetitionText.objects.create(petition=petition, language=language, version=version, **words)


def make_consent() -> Consent:
    return Consent.objects.get_or_create(purpose="signature", language="en", wording="You agree.")[0]


def make_signature(petition: Petition, address: str = "ana@example.org", **fields: Any) -> Signature:
    """Pending, with its confirmation in the outbox."""
    typed = {"name": "Ana Test", "country": "DE", "language": "en", "wants_news": False, **fields}
    pk = sign.sign(petition=petition, text=petition.text, consent=make_consent(), address=address, **typed)
    return Signature.objects.select_related("petition").get(pk=pk)


def make_confirmed(petition: Petition, address: str = "ana@example.org", **fields: Any) -> Signature:
    confirmed = confirming.confirm(token_of(make_signature(petition, address, **fields)))
    assert confirmed is not None
    return confirmed


def make_held(petition: Petition, address: str = "held@example.org", **fields: Any) -> Signature:
    """Confirmed, and waiting for a moderator."""
    signature = make_signature(petition, address, **fields)
    Signature.objects.filter(pk=signature.pk).update(hold_reason="network")
    held = confirming.confirm(token_of(signature))
    assert held is not None
    assert held.state == State.HELD
    return held


def token_of(signature: Signature) -> str:
    """What stands in the mailed link."""
    return tokens.token_for(signature.nonce or b"", sign.TOKEN_PURPOSE)


def make_handover(petition: Petition, *, by: User) -> HandOver:
    """Asked for, and not approved yet."""
    handover = HandOver(petition=petition, reason="to Geneva")
    workflow.request(handover, by=by)
    return handover


def end_wait(act: DualControlled) -> None:
    """As if the waiting time had passed."""
    type(act).objects.filter(pk=act.pk).update(opens_at=Now())
