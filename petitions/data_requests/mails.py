"""The mail that lets somebody see, correct, withdraw and delete what is stored under their address."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.web.links import link_to
from petitions.data_requests import self_service


class LeavingMail(MailHandler):
    """The link to what is stored under an address; mailed whether anything is or not."""

    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item in items:
            address, language = item.secret["address"], item.payload["language"]
            mine_url = link_to("petitions:mine", self_service.link_token(address), language=language)
            context = {"mine_url": mine_url, "site_url": settings.SITE_URL}
            yield item, Mail("petitions/leaving", language=language, to=address, context=context)
