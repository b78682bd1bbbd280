"""Mail to those who run the site, in the language that each has chosen for the admin.

class NightMail(StaffMail):
    def compose(self, items):
        for item in items:
            yield item, staff_mail("staff/night", to=item.secret["address"], head="...")
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.staff.languages.choice import language_of_address


class StaffMail(MailHandler):
    """Mail that no suppression holds back.

    Suppressions are for supporters. Neither a bounce, nor whoever presses “it wasn't me” in the mailbox, nor staff who
    may write suppressions, silence the notices that staff get of each other. Nor does a rehearsal of the site.
    """

    is_for_staff = True

    def admitted(self, items: Sequence[Item]) -> set[int]:
        return {item.pk for item in items}


def staff_mail(template: str, *, to: str, headers: dict[str, str] | None = None, **context: Any) -> Mail:
    """Return a mail whose template also knows the address of the site."""
    shown = {**context, "site_url": settings.SITE_URL}
    return Mail(template, language=language_of_address(to), to=to, context=shown, headers=headers or {})
