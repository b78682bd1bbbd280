"""The mail that brings a message to the coalition; replying to it answers the writer."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item


class ContactMail(MailHandler):
    def admitted(self, items: Sequence[Item]) -> set[int]:
        """Admit all items: a bounce must not suppress the coalition's own address."""
        return {item.pk for item in items}

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item in items:
            context = {**item.secret, "written_in": item.payload["language"], "site_url": settings.SITE_URL}
            headers = {"Reply-To": item.secret["email"]}
            to = item.secret["address"]
            yield item, Mail("pages/contact", language=settings.LANGUAGE_CODE, to=to, context=context, headers=headers)
