"""The mail after signing: what it says depends on the signature as it is when the mail goes out."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign.outbox.handlers import Item, Outcome
from campaign.outbox.mail import Mail, MailHandler
from campaign.outbox.receipts import receipt_for
from campaign.secrecy import tokens
from campaign.supporters import subscribing
from campaign.supporters.mails import confirm_url
from petitions import beginnings, confirming, leaving
from petitions.models import Petition, Signature, State
from petitions.signing import TOKEN

TEMPLATES = {
    State.PENDING: "petitions/confirmation",
    State.CONFIRMED: "petitions/already_confirmed",
    State.HELD: "petitions/already_confirmed",
}


class ConfirmationMail(MailHandler):
    is_capped = True

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        beginnings.note(items)
        yield from super().run(items)

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        signatures = Signature.objects.in_bulk([item.payload["signature"] for item in items])
        petitions = Petition.objects.for_display().in_bulk({s.petition_id for s in signatures.values()})
        for item in items:
            signature = signatures.get(item.payload["signature"])
            yield item, answer(signature, petitions[signature.petition_id], item.secret) if signature else None


def answer(signature: Signature, petition: Petition, secret: dict[str, Any]) -> Mail | None:
    """None if its link would open nothing: the signature was taken back, or the mail server was away for too long."""
    signature.petition = petition
    return letter_to_signer(signature, petition, secret) if confirming.is_usable(signature) else None


class ReminderMail(MailHandler):
    """Once, to who has not confirmed; the wording of the first mail holds here as well."""

    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        signatures = Signature.objects.waiting_for_link().in_bulk([item.payload["signature"] for item in items])
        petitions = Petition.objects.for_display().in_bulk({s.petition_id for s in signatures.values()})
        for item in items:
            signature = signatures.get(item.payload["signature"])
            yield item, reminder(signature, petitions[signature.petition_id], item.secret) if signature else None


def reminder(signature: Signature, petition: Petition, secret: dict[str, Any]) -> Mail | None:
    is_wanted = petition.remind_after_days and petition.takes_confirmations
    return letter_to_signer(signature, petition, secret, is_reminder=True) if is_wanted else None


def letter_to_signer(
    signature: Signature, petition: Petition, secret: dict[str, Any], *, is_reminder: bool = False
) -> Mail:
    """Holds no word that the signer typed: the address may be somebody else's."""
    address, language = secret["address"], signature.language
    wish, news_url = "", ""
    if secret.get("wants_news") and signature.state == State.PENDING:
        wish = f"&news={subscribing.wish_for(address, language=language)}"
    elif secret.get("wants_news"):
        news_url = confirm_url(subscribing.upsert(address, language), address)
    return Mail(
        TEMPLATES[State(signature.state)],
        language=signature.language,
        to=address,
        context={
            "petition": petition,
            "is_reminder": is_reminder,
            "text": petition.text_in(signature.language),
            "confirm_url": link("confirm", signature) + receipt_for(address) + wish,
            "news_url": news_url,
            "not_me_url": f"{link('not-me', signature)}?address={confirming.address_seal(address)}",
            "code": spaced(confirming.code_for(signature.nonce or b"")),
            "signed_on": signature.signed_on,
            "site_url": settings.SITE_URL,
        },
    )


def link(name: str, signature: Signature) -> str:
    with translation.override(signature.language):
        token = tokens.token_for(signature.nonce or b"", TOKEN)
        return settings.SITE_URL + reverse(f"petitions:{name}", args=[token])


def spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


class LeavingMail(MailHandler):
    """The link to what is stored of an address, whether anything is or not."""

    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item in items:
            address, language = item.secret["address"], item.payload["language"]
            with translation.override(language):
                path = reverse("petitions:mine", args=[leaving.token_for(address)])
            context = {"mine_url": settings.SITE_URL + path, "site_url": settings.SITE_URL}
            yield item, Mail("petitions/leaving", language=language, to=address, context=context)
