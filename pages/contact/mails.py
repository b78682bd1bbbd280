"""The mail that brings a message to the coalition; replying to it answers the writer."""

from collections.abc import Iterator, Sequence

from campaign.mail.handler import Mail
from campaign.outbox.handlers import Item
from campaign.staff.mail.staff_mail import StaffMail, staff_mail


class ContactMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item in items:
            written = {**item.secret, "written_in": item.payload["language"]}
            reply_to = {"Reply-To": item.secret["email"]}
            yield item, staff_mail("staff/contact", to=item.secret["address"], headers=reply_to, **written)
