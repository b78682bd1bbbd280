"""The mail after asking for news: what it says depends on the subscriber as it is when the mail goes out."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign.outbox.handlers import Item
from campaign.outbox.mail import Mail, MailHandler
from campaign.outbox.receipts import receipt_for
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.supporters.subscribing import confirm_token, unsubscribe_token

TEMPLATES = {
    SubscriberState.PENDING: "supporters/newsletter_confirmation",
    SubscriberState.CONFIRMED: "supporters/newsletter_already",
}


class NewsletterConfirmationMail(MailHandler):
    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        subscribers = Subscriber.objects.in_bulk([item.payload["subscriber"] for item in items])
        for item in items:
            subscriber = subscribers.get(item.payload["subscriber"])
            if subscriber is None or subscriber.state not in TEMPLATES:
                yield item, None
            else:
                yield item, mail_to(subscriber, item.secret["address"])


def mail_to(subscriber: Subscriber, address: str) -> Mail:
    nonce = bytes(subscriber.nonce)
    leave_url = unsubscribe_url(subscriber)
    return Mail(
        TEMPLATES[SubscriberState(subscriber.state)],
        language=subscriber.language,
        to=address,
        context={
            "confirm_url": link(subscriber, "supporters:newsletter-confirm", confirm_token(nonce))
            + receipt_for(address),
            "unsubscribe_url": leave_url,
            "site_url": settings.SITE_URL,
        },
        headers=leaving_headers(leave_url),
    )


def unsubscribe_url(subscriber: Subscriber) -> str:
    return link(subscriber, "supporters:newsletter-unsubscribe", unsubscribe_token(bytes(subscriber.nonce)))


def leaving_headers(url: str) -> dict[str, str]:
    """One click in the mail program ends the subscription (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def link(subscriber: Subscriber, name: str, token: str) -> str:
    with translation.override(subscriber.language):
        return settings.SITE_URL + reverse(name, args=[token])
