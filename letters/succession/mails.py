"""The mail that tells whoever wrote a letter that its senator has left, and offers it to the successor."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.web.links import link_to
from letters.models import Constituent, Delivery
from letters.models.delivery_states import State
from letters.submission import workflow
from letters.succession.readdressing import is_written


class SenatorLeftMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        cancelled = Delivery.objects.readable().filter(state=State.WITHDRAWN, has_senator_left=True).with_letter()
        deliveries = cancelled.in_bulk([item.payload["delivery"] for item in items])
        for item in items:
            delivery = deliveries.get(item.payload["delivery"])
            yield item, mail_about(delivery, item.secret["address"]) if delivery else None


def mail_about(delivery: Delivery, address: str) -> Mail:
    letter = delivery.letter
    constituent, successor = letter.constituent, letter.office.holder
    context = {
        "campaign": constituent.campaign,
        "former": letter.office,
        "successor": successor,
        "is_written": successor and is_written(letter, successor),
        "is_over": not constituent.campaign.takes_confirmations,
        "offer_url": offer_link(constituent, delivery),
        "site_url": settings.SITE_URL,
    }
    return Mail("letters/senator_left", language=constituent.language, to=address, context=context)


def offer_link(constituent: Constituent, delivery: Delivery) -> str:
    token = workflow.confirmation_token(constituent)
    return link_to("letters:to-successor", token, delivery.delivery_id, language=constituent.language)
