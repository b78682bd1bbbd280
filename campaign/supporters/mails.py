"""The mails after asking for news, whose text depends on the state of the subscriber, and after asking to leave."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from campaign.database import clock
from campaign.mail.cooldown import receipt_for
from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.supporters import leaving
from campaign.supporters.models import Subscriber, SubscriberImport, SubscriberState
from campaign.supporters.retention import UNCONFIRMED
from campaign.supporters.subscriptions import confirm_token, unsubscribe_token, upsert_for
from campaign.web.links import link_to

SUBSCRIBER_TEMPLATES = {
    SubscriberState.PENDING: "supporters/newsletter_confirmation",
    SubscriberState.JOINING: "supporters/newsletter_already",
    SubscriberState.CONFIRMED: "supporters/newsletter_already",
}


class NewsletterConfirmationMail(MailHandler):
    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        taken_back = SubscriberImport.objects.taken_back({item.subject for item in items if item.subject})
        for item in items:
            yield item, None if item.subject in taken_back else mail_for(item)


def mail_for(item: Item) -> Mail | None:
    language = item.payload["language"]
    subscriber = upsert_for(item, language)
    return mail_to_subscriber(subscriber, item.secret["address"], language) if subscriber else None


def mail_to_subscriber(subscriber: Subscriber, address: str, asked_in: str) -> Mail:
    language = asked_in if subscriber.state == SubscriberState.PENDING else subscriber.language
    leave_url = unsubscribe_url(subscriber, language)
    return Mail(
        SUBSCRIBER_TEMPLATES[SubscriberState(subscriber.state)],
        language=language,
        to=address,
        context={
            "confirm_url": confirm_url(subscriber, address, language),
            "expires_at": clock.now() + UNCONFIRMED,
            "unsubscribe_url": leave_url,
            "site_url": settings.SITE_URL,
        },
        headers=leaving_headers(leave_url),
    )


class LeavingMail(MailHandler):
    """The way out that somebody asked for; mailed whether the address is subscribed or not."""

    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item in items:
            address, language = item.secret["address"], item.payload["language"]
            leave_url = link_to("supporters:newsletter-leave", leaving.link_token(address), language=language)
            context = {"leave_url": leave_url, "site_url": settings.SITE_URL}
            yield item, Mail("supporters/newsletter_leaving", language=language, to=address, context=context)


def confirm_url(subscriber: Subscriber, address: str, language: str) -> str:
    token = confirm_token(bytes(subscriber.nonce))
    return link_to("supporters:newsletter-confirm", token, language=language) + receipt_for(address)


def unsubscribe_url(subscriber: Subscriber, language: str) -> str:
    return link_to("supporters:newsletter-unsubscribe", unsubscribe_token(subscriber), language=language)


def leaving_headers(url: str) -> dict[str, str]:
    """Return the headers with which one click in the mail program unsubscribes (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
