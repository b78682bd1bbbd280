"""The mail that tells a member of staff of a login from a device that was not known."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item


class NewDeviceMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        context = {"url": settings.SITE_URL + reverse("admin:password_change"), "site_url": settings.SITE_URL}
        for item in items:
            login = {name: item.secret[name] for name in ("person", "at")}
            to = item.secret["address"]
            yield item, Mail("staff/new_device", language=settings.LANGUAGE_CODE, to=to, context=context | login)
