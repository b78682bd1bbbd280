"""The notices of acts that wait, to everybody who could do them, or could lately."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.apps import apps

from campaign.mail.handler import Mail
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.staff.accounts import former_contacts
from campaign.staff.dual_control.models import Stage, Stoppable
from campaign.staff.dual_control.stop_links import StopLink
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.web.links import absolute

NOTICE = "staff.dual-control"
STEPS = {  # of any other event: it is done
    "requested": Stage.REQUESTED,
    "approved": Stage.WAITING,
    "stopped": Stage.STOPPED,
    "faulty": Stage.STOPPED,
}


def announce(event: str, act: Stoppable, *, by: str) -> None:
    """Put a mail to each person who has the act's permission; `by` is a user name."""
    payload = {"kind": act._meta.label_lower, "act": act.pk, "event": event}
    accounts = {address: account for account, address in former_contacts.contacts(act.permission)}
    for address, account in accounts.items():
        queue.put(NOTICE, payload={**payload, "account": account}, secret={"address": address, "by": by})


class NoticeMail(StaffMail):
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
    stop_url = StopLink.to(act, account=item.payload["account"]).url() if act.stage == Stage.WAITING else ""
    return staff_mail(
        "staff/dual_control",
        to=item.secret["address"],
        event=item.payload["event"],
        step=STEPS.get(item.payload["event"], Stage.DONE).label,
        act=act,
        by=item.secret["by"],
        url=absolute(act.page),
        stop_url=stop_url,
    )
