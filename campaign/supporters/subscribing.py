"""Asking for news, confirming it, and leaving.

    subscribe(address=..., language="en")            the newsletter form; a mail asks for confirmation
    subscribe(address=..., token=signature_token)    a ticked box while signing: the same link confirms, no second mail

After confirmation nothing links a subscriber to what was signed.
"""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.outbox import work
from campaign.supporters import tokens
from campaign.supporters.addresses import fingerprint
from campaign.supporters.models import Consent, Subscriber, SubscriberState

PURPOSE = "newsletter"


def consent_wording() -> str:
    """What stands beside the box, in the active language."""
    return _("Yes, send me news of this campaign by e-mail. I can unsubscribe at any time with one click.")


def confirm_token(nonce: bytes) -> str:
    return tokens.token_for(nonce, "newsletter-confirm")


def unsubscribe_token(nonce: bytes) -> str:
    return tokens.token_for(nonce, "newsletter-unsubscribe")


def digest_of_signing_token(token: str) -> bytes:
    """What a subscriber who came with a signature is found by when that signature's link is used."""
    return tokens.digest(f"newsletter:{token}")


@transaction.atomic
def subscribe(*, address: str, language: str, token: str | None = None) -> None:
    """Record the wish; the same outcome for every address, known or not.

    A confirmed subscriber stays one. With `token` the mail that carries it confirms; without, a mail goes out.
    """
    subscriber = upsert(address, language)
    if subscriber.state == SubscriberState.PENDING and token:
        Subscriber.objects.filter(pk=subscriber.pk).update(token_digest=digest_of_signing_token(token))
    if not token:
        secret = {"address": address}
        work.put("supporters.newsletter-confirmation", payload={"subscriber": subscriber.pk}, secret=secret)


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
    return subscriber


def current_consent(language: str) -> Consent:
    with translation.override(language):
        wording = consent_wording()
    return Consent.objects.get_or_create(purpose=PURPOSE, language=language, wording=wording)[0]


def can_confirm(*, token_digest: bytes) -> bool:
    return Subscriber.objects.with_token(token_digest).exists()


def confirm(*, token_digest: bytes) -> bool:
    """True if there is a subscriber whose link this is; the link works again for as long as they are subscribed."""
    with transaction.atomic():
        pending = Subscriber.objects.pending().with_token(token_digest)
        confirmed = pending.update(state=SubscriberState.CONFIRMED, confirmed_at=Now(), unsubscribed_at=None)
        return bool(confirmed) or Subscriber.objects.confirmed().with_token(token_digest).exists()


def confirm_with_signature(token: str) -> None:
    """Confirm who ticked the box while signing, and cut the last tie between the two records."""
    mine = Subscriber.objects.pending().with_token(digest_of_signing_token(token))
    mine.update(state=SubscriberState.CONFIRMED, confirmed_at=Now(), token_digest=None)


def can_unsubscribe(*, token_digest: bytes) -> bool:
    return Subscriber.objects.with_unsubscribe_token(token_digest).exists()


def unsubscribe(*, token_digest: bytes) -> bool:
    """Forget the address; True if the link was one. Doing it twice is the same as once."""
    found = Subscriber.objects.with_unsubscribe_token(token_digest)
    return bool(
        found.update(state=SubscriberState.UNSUBSCRIBED, unsubscribed_at=Now(), address=None, token_digest=None)
    )
