"""The figures on the first page of the admin, of today and this week; backoffice/alerts.py has what needs staff.

Each part is shown to those who may see what it is about. All figures come from tallies, samples and small or bounded
tables, so the page costs the same at five signatures and at five million.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.urls import reverse

from backoffice import alerts, counts
from campaign.admin.permissions import may_view
from campaign.database import clock
from campaign.journal.models import Restoration
from campaign.outbox import monitoring, suppressions
from campaign.revisions.models import Version
from campaign.supporters import joining
from campaign.supporters.models import Subscriber
from campaign.translation import for_staff
from campaign.web.statistics import charts
from letters.models import Delivery
from letters.models.deliveries import UNSETTLED
from letters.models.delivery_states import State as DeliveryState
from pages.models import Issue
from petitions.counting.overview import DAYS_SHOWN, Overview, overviews
from petitions.models import Petition

PETITIONS = 3
MOST_SUBSCRIBERS = 1_000_000  # staff want the number itself, for as long as counting it keeps no page waiting


@dataclass(frozen=True)
class PetitionBoard:
    petition: Petition
    figures: Overview
    days: list[tuple[date, int]]

    @property
    def chart(self) -> charts.Chart:
        return charts.bars(self.days)

    @property
    def today(self) -> int:
        return self.days[-1][1]

    @property
    def this_week(self) -> int:
        return sum(number for _day, number in self.days[-7:])


def restored() -> Restoration | None:
    """The restored backup because of which nothing goes out; everybody is told."""
    return Restoration.objects.open().last()


def boards(user: Any) -> list[PetitionBoard]:
    if not user.has_perm("petitions.view_petition"):
        return []
    petitions, today = list(Petition.objects.visible()[:PETITIONS]), clock.now().date()
    return [
        PetitionBoard(petition, figures, charts.every_day(figures.by_day, until=today, days=DAYS_SHOWN))
        for petition, figures in zip(petitions, overviews(petitions), strict=True)
    ]


def letter_states(user: Any) -> list[tuple[str, str, str]]:
    """Return each state of unsettled deliveries, their number in words, and the URL of their list."""
    if not user.has_perm("letters.view_delivery"):
        return []
    names, where = dict(DeliveryState.choices), reverse("admin:letters_delivery_changelist")
    numbers = {state: counts.count(Delivery.objects.filter(state=state)) for state in sorted(UNSETTLED)}
    return [
        (str(names[state]), counts.in_words(number), f"{where}?state__exact={state}")
        for state, number in numbers.items()
        if number
    ]


def seen_in_words(user: Any) -> list[tuple[str, str]]:
    """Return when each part of the site was last at work, in words for staff."""
    if not user.has_perm("outbox.view_item"):
        return []
    return [(str(part.label), ago(seen)) for part, seen in monitoring.last_seen().items()]


def ago(seen: datetime | None) -> str:
    if seen is None:
        return for_staff("never")
    is_fresh = clock.now() - seen < monitoring.SILENT
    return (
        for_staff("within the last minute")
        if is_fresh
        else for_staff("%(minutes)s ago") % {"minutes": alerts.minutes_since(seen)}
    )


def newsletter_figures(user: Any) -> dict[str, Any] | None:
    if not user.has_perm("pages.view_issue"):
        return None
    subscribers = counts.count(Subscriber.objects.confirmed(), most=MOST_SUBSCRIBERS)
    return {
        "subscribers": subscribers,
        "subscribers_in_words": counts.in_words(subscribers, most=MOST_SUBSCRIBERS),
        "joining": joining.number_waiting(),
        "last": Issue.objects.first(),
        "suppressed": suppressions.by_cause(),
    }


def recent(user: Any) -> list[tuple[Version, str]] | None:
    """Return the latest versions of content, each with its history if they may see it; None for those who see none."""
    if not user.has_perm("pages.view_page"):
        return None
    named = GenericPrefetch("content", [Petition.named.all()])  # whose names are made of their texts
    versions = Version.objects.newest().prefetch_related(named)[:8]
    return [(one, one.history_page if one.content and may_view(user, type(one.content)) else "") for one in versions]
