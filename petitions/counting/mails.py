"""Mail to staff: to everybody with an account, an address and the permission to change petitions."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.urls import reverse

from campaign.mail.handler import Mail
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.web.links import absolute
from petitions.models import CountCheck, Milestone, Petition

MILESTONE = "petitions.milestone"
DIFFERENCES = "petitions.differences"


def tell_staff(kind: str, **payload: int) -> None:
    """One item for each, so that one address that fails holds up nobody else."""
    staff = User.objects.with_perm("petitions.change_petition", backend="django.contrib.auth.backends.ModelBackend")
    for user in staff.filter(is_staff=True).exclude(email=""):
        queue.put(kind, payload=payload, secret={"address": user.email})


class MilestoneMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        milestones = Milestone.objects.in_bulk([item.payload["milestone"] for item in items])
        petitions = Petition.objects.for_display().in_bulk({one.petition_id for one in milestones.values()})
        for item in items:
            milestone = milestones.get(item.payload["milestone"])
            if milestone is None:
                yield item, None
                continue
            yield item, milestone_mail(milestone, petitions[milestone.petition_id], to=item.secret["address"])


def milestone_mail(milestone: Milestone, petition: Petition, *, to: str) -> Mail:
    url = absolute(reverse("petitions:petition", args=[petition.slug]))
    return staff_mail("staff/milestone", to=to, milestone=milestone, petition=petition, page_url=url)


class DifferencesMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        checks = CountCheck.objects.in_bulk([item.payload["check"] for item in items])
        for item in items:
            check = checks.get(item.payload["check"])
            yield item, differences_mail(check, to=item.secret["address"]) if check else None


def differences_mail(check: CountCheck, *, to: str) -> Mail:
    url = absolute(reverse("admin:petitions_countcheck_change", args=[check.pk]))
    return staff_mail("staff/differences", to=to, check=check, page_url=url)
