"""The mail after signing: what it says depends on the state of the signature when the mail goes out."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from campaign.mail.cooldown import receipt_for
from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item, Outcome
from campaign.secrecy import tokens
from campaign.supporters import subscriptions
from campaign.supporters.mails import confirm_url
from campaign.web.links import link_to
from petitions.models import Petition, Signature, State
from petitions.signing import confirming, followups
from petitions.signing.sign import TOKEN_PURPOSE

SIGNER_TEMPLATES = {
    State.PENDING: "petitions/confirmation",
    State.CONFIRMED: "petitions/already_confirmed",
    State.HELD: "petitions/already_confirmed",
}


class ConfirmationMail(MailHandler):
    is_capped = True

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        followups.note(items)
        yield from super().run(items)

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        signatures = Signature.objects.in_bulk([item.payload["signature"] for item in items])
        petitions = Petition.objects.with_texts().in_bulk({s.petition_id for s in signatures.values()})
        for item in items:
            signature = signatures.get(item.payload["signature"])
            yield item, confirmation_to_signer(signature, petitions[signature.petition_id], item) if signature else None


def confirmation_to_signer(signature: Signature, petition: Petition, item: Item) -> Mail | None:
    """Compose the mail.

    Return None if its link would open nothing: the signature was taken back, or the mail server was away for too long.
    """
    signature.petition = petition
    return letter_to_signer(signature, petition, item) if confirming.is_usable(signature) else None


class ReminderMail(MailHandler):
    """One more mail to signers who have not confirmed, from the template of the first."""

    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        signatures = Signature.objects.waiting_for_link().in_bulk([item.payload["signature"] for item in items])
        petitions = Petition.objects.with_texts().in_bulk({s.petition_id for s in signatures.values()})
        for item in items:
            signature = signatures.get(item.payload["signature"])
            yield item, reminder_to_signer(signature, petitions[signature.petition_id], item) if signature else None


def reminder_to_signer(signature: Signature, petition: Petition, item: Item) -> Mail | None:
    is_wanted = petition.remind_after_days and petition.takes_confirmations
    return letter_to_signer(signature, petition, item, is_reminder=True) if is_wanted else None


def letter_to_signer(signature: Signature, petition: Petition, item: Item, *, is_reminder: bool = False) -> Mail:
    """Compose the mail without any word that the signer typed, since the address may be somebody else's."""
    address, language, wants_news = item.secret["address"], signature.language, item.secret.get("wants_news")
    expires_at, news_url = signature.token_expires_at, ""
    if wants_news and signature.state != State.PENDING and (subscriber := subscriptions.upsert_for(item, language)):
        news_url = confirm_url(subscriber, address, language)
    return Mail(
        SIGNER_TEMPLATES[State(signature.state)],
        language=signature.language,
        to=address,
        context={
            "petition": petition,
            "is_reminder": is_reminder,
            "expires_at": expires_at and petition.confirmed_by(expires_at),
            "text": petition.text_signed(signature),
            "confirm_url": signer_link("confirm", signature) + receipt_for(address),
            "news_url": news_url,
            "not_me_url": f"{signer_link('not-me', signature)}?address={confirming.address_seal(address)}",
            "code": spaced(confirming.code_for(signature.nonce or b"")),
            "signed_on": signature.signed_on,
            "site_url": settings.SITE_URL,
        },
    )


def signer_link(name: str, signature: Signature) -> str:
    token = tokens.token_for(signature.nonce or b"", TOKEN_PURPOSE)
    return link_to(f"petitions:{name}", token, language=signature.language)


def spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
