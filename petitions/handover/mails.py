"""The mail that tells the other administrators that signatures are asked for, agreed on, or taken."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from campaign.outbox.handlers import Item
from campaign.outbox.mail import Mail, MailHandler
from petitions.models import Petition


class AnnouncementMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        petitions = Petition.objects.for_display().in_bulk({item.payload["petition"] for item in items})
        people = User.objects.in_bulk({item.payload["by"] for item in items if "by" in item.payload})
        for item in items:
            petition = petitions.get(item.payload["petition"])
            yield item, announcement(item, petition, people.get(item.payload.get("by"))) if petition else None


def announcement(item: Item, petition: Petition, person: User | None) -> Mail:
    pk = item.payload.get("handover")
    page = (
        reverse("admin:petitions_handover_change", args=[pk]) if pk else reverse("admin:petitions_handover_changelist")
    )
    context = {
        "event": item.payload["event"],
        "petition": petition,
        "person": person.get_username() if person else None,
        "url": settings.SITE_URL + page,
        "site_url": settings.SITE_URL,
    }
    return Mail("petitions/handover", language=settings.LANGUAGE_CODE, to=item.secret["address"], context=context)
