"""Asking for news, confirming it, and leaving.

    ask(address=..., language="en")      the newsletter form; a mail asks for confirmation
    wish_for(address, language="en")     a box ticked while signing: goes into the mailed link, and nowhere else
    grant(wish)                          that link was used: the address is subscribed

No record says of a subscriber what was signed, and no row is written before the mailbox's owner has acted: the worker
that composes the newsletter's own mail writes the pending one.
"""

import json

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.outbox import work
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.encryption import decrypt, encrypt
from campaign.supporters.models import Consent, Subscriber, SubscriberState

PURPOSE = "newsletter"


def consent_wording() -> str:
    """What stands beside the box, in the active language."""
    return _("Yes, send me news of this campaign by e-mail. I can unsubscribe at any time with one click.")


def confirm_token(nonce: bytes) -> str:
    return tokens.token_for(nonce, "newsletter-confirm")


def unsubscribe_token(nonce: bytes) -> str:
    return tokens.token_for(nonce, "newsletter-unsubscribe")


def ask(*, address: str, language: str) -> None:
    """Have the mail sent that asks for confirmation; the same work for every address, known or not."""
    secret = {"address": address}
    work.put("supporters.newsletter-confirmation", payload={"language": language}, secret=secret)


def wish_for(address: str, *, language: str) -> str:
    """Safe in an address; only this server can read it."""
    return encrypt(json.dumps({"news": address, "language": language})).decode()


def grant(wish: str) -> None:
    """Subscribe whom the wish names; a forged or missing one does nothing."""
    try:
        wanted = json.loads(decrypt(wish.encode()))
        address, language = wanted["news"], wanted["language"]
    except (InvalidToken, ValueError, KeyError, TypeError):
        return
    join(address=address, language=language)


def join(*, address: str, language: str) -> Subscriber:
    """Subscribe an address whose owner has confirmed it."""
    subscriber = upsert(address, language)
    mine = Subscriber.objects.pending().filter(pk=subscriber.pk)
    mine.update(state=SubscriberState.CONFIRMED, confirmed_at=Now(), unsubscribed_at=None)
    return subscriber


@transaction.atomic
def upsert(address: str, language: str) -> Subscriber:
    nonce = tokens.new_nonce()
    pending = {
        "address": address,
        "language": language,
        "state": SubscriberState.PENDING,
        "consent": current_consent(language),
        "nonce": nonce,
        "token_digest": tokens.digest(confirm_token(nonce)),
        "unsubscribe_digest": tokens.digest(unsubscribe_token(nonce)),
    }
    print_ = fingerprint(address, PURPOSE)
    subscriber, _created = Subscriber.objects.select_for_update().get_or_create(fingerprint=print_, defaults=pending)
    if subscriber.state == SubscriberState.UNSUBSCRIBED:
        for name, value in pending.items():
            setattr(subscriber, name, value)
        subscriber.save(update_fields=list(pending))
    Subscriber.objects.pending().filter(pk=subscriber.pk).update(created_at=Now())
    return subscriber


def current_consent(language: str) -> Consent:
    with translation.override(language):
        wording = consent_wording()
    return Consent.objects.get_or_create(purpose=PURPOSE, language=language, wording=wording)[0]


def is_pending(*, token_digest: bytes) -> bool:
    return Subscriber.objects.pending().with_token(token_digest).exists()


def can_confirm(*, token_digest: bytes) -> bool:
    return Subscriber.objects.with_token(token_digest).exists()


def confirm(*, token_digest: bytes) -> bool:
    """True if there is a subscriber whose link this is; the link works again for as long as they are subscribed."""
    with transaction.atomic():
        pending = Subscriber.objects.pending().with_token(token_digest)
        confirmed = pending.update(state=SubscriberState.CONFIRMED, confirmed_at=Now(), unsubscribed_at=None)
        return bool(confirmed) or Subscriber.objects.confirmed().with_token(token_digest).exists()


def can_unsubscribe(*, token_digest: bytes) -> bool:
    return Subscriber.objects.with_unsubscribe_token(token_digest).exists()


def unsubscribe(*, token_digest: bytes) -> bool:
    """Forget the address; True if the link was one. Doing it twice is the same as once."""
    return bool(Subscriber.objects.with_unsubscribe_token(token_digest).unsubscribe())
