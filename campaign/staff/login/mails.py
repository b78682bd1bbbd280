"""The mail that tells a member of staff of a login from a device that was not known."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from campaign.mail.handler import Mail
from campaign.outbox.handlers import Item
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.web.links import absolute


class NewDeviceMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        url = absolute(reverse("admin:password_change"))
        for item in items:
            login = {name: item.secret[name] for name in ("person", "at")}
            yield item, staff_mail("staff/new_device", to=item.secret["address"], url=url, **login)
