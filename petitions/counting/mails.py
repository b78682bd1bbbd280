"""Mail to staff: to everybody with an account, an address and the permission to change petitions."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.web.links import absolute
from petitions.models import CountCheck, Milestone, Petition

MILESTONE = "petitions.milestone"
DIFFERENCES = "petitions.differences"


def tell_staff(kind: str, **payload: int) -> None:
    """One item for each, so that one address that fails holds up nobody else."""
    staff = User.objects.with_perm("petitions.change_petition", backend="django.contrib.auth.backends.ModelBackend")
    for user in staff.filter(is_staff=True).exclude(email=""):
        queue.put(kind, payload=payload, secret={"address": user.email})


def mail_to_staff(item: Item, template: str, page: str, **context: object) -> Mail:
    context |= {"site_url": settings.SITE_URL, "page_url": absolute(page)}
    return Mail(template, language=settings.LANGUAGE_CODE, to=item.secret["address"], context=context)


class MilestoneMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        milestones = Milestone.objects.in_bulk([item.payload["milestone"] for item in items])
        petitions = Petition.objects.for_display().in_bulk({one.petition_id for one in milestones.values()})
        for item in items:
            milestone = milestones.get(item.payload["milestone"])
            if milestone is None:
                yield item, None
                continue
            page = reverse("petitions:petition", args=[petitions[milestone.petition_id].slug])
            context = {"milestone": milestone, "petition": petitions[milestone.petition_id]}
            yield item, mail_to_staff(item, "petitions/milestone", page, **context)


class DifferencesMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        checks = CountCheck.objects.in_bulk([item.payload["check"] for item in items])
        for item in items:
            check = checks.get(item.payload["check"])
            page = reverse("admin:petitions_countcheck_change", args=[item.payload["check"]])
            yield item, mail_to_staff(item, "petitions/differences", page, check=check) if check else None
