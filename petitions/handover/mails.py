"""The mail that tells administrators that signatures were exported on the server itself."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.web.links import absolute
from petitions.models import Petition


class AnnouncementMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        petitions = Petition.objects.for_display().in_bulk({item.payload["petition"] for item in items})
        for item in items:
            petition = petitions.get(item.payload["petition"])
            yield item, announcement(item, petition) if petition else None


def announcement(item: Item, petition: Petition) -> Mail:
    page = reverse("admin:petitions_handover_changelist")
    is_export = item.payload["event"] == "exported"  # an older release announced other steps as well
    context = {"petition": petition, "is_export": is_export, "url": absolute(page), "site_url": settings.SITE_URL}
    return Mail("petitions/handover", language=settings.LANGUAGE_CODE, to=item.secret["address"], context=context)
