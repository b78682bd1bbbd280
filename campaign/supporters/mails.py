"""The mail after asking for news: what it says depends on the subscriber as it is when the mail goes out."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign.outbox.handlers import Item
from campaign.outbox.mail import Mail, MailHandler
from campaign.outbox.receipts import receipt_for
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.supporters.subscribing import confirm_token, unsubscribe_token, upsert

TEMPLATES = {
    SubscriberState.PENDING: "supporters/newsletter_confirmation",
    SubscriberState.CONFIRMED: "supporters/newsletter_already",
}


class NewsletterConfirmationMail(MailHandler):
    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item in items:
            address = item.secret["address"]
            yield item, mail_to(upsert(address, item.payload["language"]), address)


def mail_to(subscriber: Subscriber, address: str) -> Mail:
    leave_url = unsubscribe_url(subscriber)
    return Mail(
        TEMPLATES[SubscriberState(subscriber.state)],
        language=subscriber.language,
        to=address,
        context={
            "confirm_url": confirm_url(subscriber, address),
            "unsubscribe_url": leave_url,
            "site_url": settings.SITE_URL,
        },
        headers=leaving_headers(leave_url),
    )


def confirm_url(subscriber: Subscriber, address: str) -> str:
    token = confirm_token(bytes(subscriber.nonce))
    return link(subscriber, "supporters:newsletter-confirm", token) + receipt_for(address)


def unsubscribe_url(subscriber: Subscriber) -> str:
    return link(subscriber, "supporters:newsletter-unsubscribe", unsubscribe_token(bytes(subscriber.nonce)))


def leaving_headers(url: str) -> dict[str, str]:
    """One click in the mail program ends the subscription (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def link(subscriber: Subscriber, name: str, token: str) -> str:
    with translation.override(subscriber.language):
        return settings.SITE_URL + reverse(name, args=[token])
