"""The notices of acts that wait, to everybody who could do them, or could lately.

Nobody switches them off: they heed no suppression, which staff can write.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.apps import apps
from django.conf import settings

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.staff.accounts import former_contacts
from campaign.staff.dual_control.models import Stage, Stoppable
from campaign.staff.dual_control.stop_links import StopLink
from campaign.web.links import absolute

NOTICE = "staff.dual-control"


def announce(event: str, act: Stoppable, *, by: str) -> None:
    """Put a mail to each person who has the act's permission; `by` is a user name."""
    payload = {"kind": act._meta.label_lower, "act": act.pk, "event": event}
    accounts = {address: account for account, address in former_contacts.contacts(act.permission)}
    for address, account in accounts.items():
        queue.put(NOTICE, payload={**payload, "account": account}, secret={"address": address, "by": by})


class NoticeMail(MailHandler):
    def admitted(self, items: Sequence[Item]) -> set[int]:
        return {item.pk for item in items}

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for kind, same in groupby(sorted(items, key=kind_of), key=kind_of):
            of_kind = list(same)
            acts = apps.get_model(kind).objects.for_work().in_bulk({item.payload["act"] for item in of_kind})
            for item in of_kind:
                act = acts.get(item.payload["act"])
                yield item, notice(item, act) if act else None


def kind_of(item: Item) -> str:
    return str(item.payload["kind"])


def notice(item: Item, act: Stoppable) -> Mail:
    context = {
        "event": item.payload["event"],
        "act": act,
        "by": item.secret["by"],
        "url": absolute(act.page),
        "stop_url": StopLink.to(act, account=item.payload["account"]).url() if act.stage == Stage.WAITING else "",
        "site_url": settings.SITE_URL,
    }
    return Mail("staff/dual_control", language=settings.LANGUAGE_CODE, to=item.secret["address"], context=context)
