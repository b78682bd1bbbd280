"""Ask for news, confirm it, and unsubscribe.

    ask(address=..., language="en")      the newsletter form; a mail asks for confirmation
    confirm(token_digest=..., ...)       that link was used: the address joins, in a batch (joining.py)
    grant_wishes([7])                    so do those of signers who ticked a box and have confirmed signature 7

No record of a subscriber says what was signed. Before the mailbox's owner has acted, no row is written except the
pending one, by the worker that composes the newsletter's own mail.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.mail import budgets
from campaign.outbox import claims, queue
from campaign.outbox.handlers import Item
from campaign.protection.networks import Address
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.supporters.models import Consent, Subscriber, SubscriberState

PURPOSE = "newsletter"
CONFIRMATION = "supporters.newsletter-confirmation"  # the mail; its subject is the import that asks, if one does
WISH = "supporters.wish"  # waits for a signature, the subject, to be confirmed
JOIN = "supporters.join"  # waits for others to join with
JOINING = (JOIN, WISH)
LONGEST_JOIN_WAIT = timedelta(days=7)


def consent_wording() -> str:
    """Return the sentence next to the box, in the active language."""
    return _("Yes, send me news of this campaign by email. I can unsubscribe at any time with one click.")


def confirm_token(nonce: bytes) -> str:
    return tokens.token_for(nonce, "newsletter-confirm")


def unsubscribe_token(subscriber: Subscriber) -> str:
    """Return the address's token, which never changes: the link in any mail ends whatever subscription there is.

    Only after SECRET_KEY was changed is there a new one, and the row has to learn it.
    """
    lasting, older = lasting_token(subscriber.fingerprint), older_token(subscriber.nonce)
    stored = bytes(subscriber.unsubscribe_digest)
    if stored == tokens.digest(older):
        return older
    if stored != tokens.digest(lasting):
        Subscriber.objects.filter(pk=subscriber.pk).update(unsubscribe_digest=tokens.digest(lasting))
    return lasting


def lasting_token(print_: bytes | memoryview) -> str:
    return tokens.token_for(print_, "newsletter-leave")


def older_token(nonce: bytes | memoryview) -> str:
    """Return a token of the older kind, made from a nonce; rows that have one keep it, and with it their nonce."""
    return tokens.token_for(nonce, "newsletter-unsubscribe")


def has_older_link(subscriber: Subscriber) -> bool:
    return bytes(subscriber.unsubscribe_digest) != tokens.digest(lasting_token(subscriber.fingerprint))


def ask(*, address: str, language: str, client: Address | None = None, by_import: int | None = None) -> None:
    """Have the mail sent that asks for confirmation; the work is the same for every address, known or not."""
    budgets.put_mail(CONFIRMATION, payload={"language": language}, address=address, client=client, subject=by_import)


def join(*, address: str, language: str) -> Subscriber:
    """Subscribe an address at once, without waiting for others: for tests and measurements."""
    subscriber = upsert(address, language)
    mine = Subscriber.objects.unconfirmed().filter(pk=subscriber.pk)
    known = {"language": language, "consent": current_consent(language), "country": "", "source": None, "ended_by": ""}
    mine.update(state=SubscriberState.CONFIRMED, confirmed_at=Now(), unsubscribed_at=None, **known)
    return subscriber


@transaction.atomic
def upsert_for(item: Item, language: str) -> Subscriber | None:
    """Enter the address that `item` is for.

    Return None if another worker has claimed the item meanwhile, or if its mail has come before, is tried again, and
    the subscriber has used the way out that it offers.
    """
    if not claims.hold([item]):
        return None
    address = item.secret["address"]
    known = Subscriber.objects.select_for_update().filter(fingerprint=fingerprint(address, PURPOSE)).first()
    return None if known and has_left_since(known, item) else upsert(address, language)


def has_left_since(known: Subscriber, item: Item) -> bool:
    """Tell whether a subscriber unsubscribed after asking for what `item` does."""
    return known.unsubscribed_at is not None and known.unsubscribed_at > item.created_at


@transaction.atomic
def upsert(address: str, language: str) -> Subscriber:
    """Return the subscriber of this address, pending if it is new or had unsubscribed.

    Of one who had, no more changes than the link needs, as somebody else may have typed the address. What is known of
    them changes when they join (campaign/supporters/joining.py).
    """
    fresh = new_subscriber(address, language)
    pending = {name: getattr(fresh, name) for name in PENDING}
    subscriber, _created = Subscriber.objects.select_for_update().get_or_create(
        fingerprint=fresh.fingerprint, defaults={**pending, "language": language, "consent": fresh.consent}
    )
    if subscriber.state == SubscriberState.UNSUBSCRIBED:
        if has_older_link(subscriber):
            del pending["nonce"], pending["unsubscribe_digest"]
            pending["token_digest"] = tokens.digest(confirm_token(bytes(subscriber.nonce)))
        for name, value in pending.items():
            setattr(subscriber, name, value)
        subscriber.save(update_fields=list(pending))
    Subscriber.objects.pending().filter(pk=subscriber.pk).update(created_at=Now())
    return subscriber


PENDING = ("address", "state", "nonce", "token_digest", "unsubscribe_digest")


def new_subscriber(address: str, language: str) -> Subscriber:
    """Return a pending subscriber that has not been saved."""
    nonce, print_ = tokens.new_nonce(), fingerprint(address, PURPOSE)
    return Subscriber(
        fingerprint=print_,
        address=address,
        language=language,
        state=SubscriberState.PENDING,
        consent=current_consent(language),
        nonce=nonce,
        token_digest=tokens.digest(confirm_token(nonce)),
        unsubscribe_digest=tokens.digest(lasting_token(print_)),
    )


def current_consent(language: str) -> Consent:
    with translation.override(language):
        wording = consent_wording()
    return Consent.objects.get_or_create(purpose=PURPOSE, language=language, wording=wording)[0]


def is_pending(*, token_digest: bytes) -> bool:
    return Subscriber.objects.pending().with_token(token_digest).exists()


def can_confirm_subscription(*, token_digest: bytes) -> bool:
    return Subscriber.objects.with_token(token_digest).exists()


@transaction.atomic
def confirm(*, token_digest: bytes, language: str) -> bool:
    """Confirm the subscription of this link, to news in `language`; return whether there is one.

    The link works again for as long as they are subscribed.
    """
    mine = Subscriber.objects.with_token(token_digest)
    for subscriber in mine.pending().select_for_update():
        mine.update(state=SubscriberState.JOINING)
        payload, secret = {"language": language}, {"address": str(subscriber.address)}
        queue.put(JOIN, payload=payload, secret=secret, due_at=Now() + LONGEST_JOIN_WAIT)
    return mine.exists()


def grant_wishes(subjects: Sequence[int]) -> None:
    """Let those join whose signatures have just been confirmed; nothing names the signatures after that."""
    queue.turn_into(JOIN, kinds=[WISH], subjects=subjects, due_in=LONGEST_JOIN_WAIT)


def can_unsubscribe(*, token_digest: bytes) -> bool:
    return Subscriber.objects.with_unsubscribe_token(token_digest).exists()


def unsubscribe(*, token_digest: bytes) -> bool:
    """Forget the address; return whether the link is valid. Repeating it changes nothing."""
    return bool(Subscriber.objects.with_unsubscribe_token(token_digest).unsubscribe())


def forget_waiting(kinds: Sequence[str], prints: set[bytes]) -> int:
    """Remove what waits of these kinds for the addresses with these fingerprints; return how much."""
    waiting = queue.waiting_items(kinds)
    return queue.remove_items([item for item in waiting if fingerprint(item.secret["address"], PURPOSE) in prints])
