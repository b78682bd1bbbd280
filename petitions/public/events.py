"""What has happened with a petition, for its page: opened, milestones reached, handed to its addressee."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from campaign.performance.local_cache import kept
from campaign.templatetags.numbers import number
from petitions.models import Milestone, Petition

OPENED, REACHED, DELIVERED = "opened", "reached", "delivered"


@dataclass(frozen=True)
class Event:
    """`number` is how many signatures it is about, if it is said."""

    day: date
    kind: str
    number: int | None = None
    url: str = ""

    @property
    def words(self) -> str:
        if self.kind == OPENED:
            return gettext("Opened for signatures")
        if self.number is None:
            return gettext("Delivered to the addressee")
        if self.kind == REACHED:
            said = ngettext("%(shown)s signature reached", "%(shown)s signatures reached", self.number)
        else:
            said = ngettext(
                "%(shown)s signature delivered to the addressee",
                "%(shown)s signatures delivered to the addressee",
                self.number,
            )
        return said % {"shown": number(self.number)}


def events(petition: Petition) -> list[Event]:
    """Return them in their order; nothing as long as it has only been opened."""
    found = [Event(day, REACHED, number) for day, number in milestones(petition.pk)]
    if petition.delivered_on:
        found.append(Event(petition.delivered_on, DELIVERED, petition.delivered_count, petition.delivery_url))
    if not found:
        return []
    return [Event(localtime(petition.opens_at).date(), OPENED), *sorted(found, key=lambda event: event.day)]


@kept
def milestones(petition: int) -> list[tuple[date, int]]:
    reached = Milestone.objects.filter(petition=petition, reached_at__isnull=False)
    return [(localtime(moment).date(), count) for moment, count in reached.values_list("reached_at", "count")]
