"""The mail after submitting: what it says depends on how the letters stand when the mail goes out."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign.outbox.handlers import Item
from campaign.outbox.mail import Mail, MailHandler
from campaign.outbox.receipts import receipt_for
from letters import writing
from letters.models import Constituent


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


def link(constituent: Constituent, view: str, token: str) -> str:
    with translation.override(constituent.language):
        return settings.SITE_URL + reverse(view, args=[token])
