"""Mail to constituents: what it says depends on how the letters stand when the mail goes out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign.outbox.handlers import Item
from campaign.outbox.mail import Mail, MailHandler
from campaign.outbox.receipts import receipt_for
from letters import writing
from letters.models import Constituent, Delivery


class ConfirmationMail(MailHandler):
    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        wanted = [item.payload["constituent"] for item in items]
        constituents = Constituent.objects.for_mail().in_bulk(wanted)
        for item in items:
            constituent = constituents.get(item.payload["constituent"])
            yield item, mail_to(constituent, item.secret["address"]) if constituent else None


def mail_to(constituent: Constituent, address: str) -> Mail:
    """Holds no word that was typed: the address may be somebody else's."""
    name = "letters/already_confirmed" if constituent.confirmed_at else "letters/confirmation"
    context = {
        "campaign": constituent.campaign,
        "offices": [letter.office for letter in constituent.letters.all()],
        "expires_at": constituent.expires_at,
        "site_url": settings.SITE_URL,
        "confirm_url": link(constituent, "letters:confirm", writing.confirm_token(constituent)) + receipt_for(address),
        "track_url": link(constituent, "letters:track", writing.track_token(constituent)),
    }
    return Mail(name, language=constituent.language, to=address, context=context)


class YourHandMail(MailHandler):
    """What only the constituent can still do; nothing, if they have done it meanwhile."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        wanted = [item.payload["constituent"] for item in items]
        constituents = Constituent.objects.for_mail().in_bulk(wanted)
        waiting = Delivery.objects.for_hand().with_letter().filter(letter__constituent__in=wanted)
        by_constituent: dict[int, list[Delivery]] = defaultdict(list)
        for delivery in waiting.order_by("letter__office__senate_class"):
            by_constituent[delivery.letter.constituent_id].append(delivery)
        for item in items:
            constituent = constituents.get(item.payload["constituent"])
            letters = by_constituent[item.payload["constituent"]]
            is_wanted = constituent is not None and letters
            yield item, your_hand(constituent, letters, item.secret["address"]) if is_wanted and constituent else None


def your_hand(constituent: Constituent, deliveries: Sequence[Delivery], address: str) -> Mail:
    token = writing.confirm_token(constituent)
    letters = [(d.letter.office, link(constituent, "letters:by-hand", token, d.delivery_id)) for d in deliveries]
    context = {"campaign": constituent.campaign, "letters": letters, "site_url": settings.SITE_URL}
    return Mail("letters/your_hand", language=constituent.language, to=address, context=context)


def link(constituent: Constituent, view: str, *parts: str) -> str:
    with translation.override(constituent.language):
        return settings.SITE_URL + reverse(view, args=parts)
