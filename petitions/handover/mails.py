"""The mail that tells administrators that signatures were exported on the server itself."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from campaign.mail.handler import Mail
from campaign.outbox.handlers import Item
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.web.links import absolute
from petitions.models import Petition


class AnnouncementMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        petitions = Petition.objects.for_display().in_bulk({item.payload["petition"] for item in items})
        for item in items:
            petition = petitions.get(item.payload["petition"])
            yield item, announcement(item, petition) if petition else None


def announcement(item: Item, petition: Petition) -> Mail:
    page = reverse("admin:petitions_handover_changelist")
    is_export = item.payload["event"] == "exported"  # an older release announced other steps as well
    shown = {"petition": petition, "is_export": is_export, "url": absolute(page)}
    return staff_mail("staff/handover", to=item.secret["address"], **shown)
