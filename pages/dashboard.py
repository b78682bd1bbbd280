"""The first page of the admin: today, this week; what needs somebody stands in pages/needs.py.

Each part is for those who may see what it tells of. All figures come from tallies, samples and small or bounded
tables, so the page costs the same at five signatures and at five million.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from campaign.outbox.models import Suppression
from campaign.supporters.models import Subscriber
from letters.models import Delivery
from letters.states import State as DeliveryState
from pages import charts
from pages.models import Issue, Version
from petitions.models import Petition
from petitions.overview import DAYS, Overview, overview

PETITIONS = 3


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


def boards(user: Any) -> list[PetitionBoard]:
    if not user.has_perm("petitions.view_petition"):
        return []
    return [board(petition) for petition in Petition.objects.visible()[:PETITIONS]]


def board(petition: Petition) -> PetitionBoard:
    figures = overview(petition)
    return PetitionBoard(petition, figures, charts.every_day(figures.by_day, until=timezone.now().date(), days=DAYS))


def letters(user: Any) -> list[tuple[str, int, str]]:
    """Deliveries that are not settled: state, number, where they are listed."""
    if not user.has_perm("letters.view_delivery"):
        return []
    names, where = dict(DeliveryState.choices), reverse("admin:letters_delivery_changelist")
    rows = Delivery.objects.summary()
    return [(str(names[row["state"]]), row["number"], f"{where}?state__exact={row['state']}") for row in rows]


def newsletter(user: Any) -> dict[str, Any] | None:
    if not user.has_perm("pages.view_issue"):
        return None
    return {
        "subscribers": Subscriber.objects.confirmed().count(),
        "last": Issue.objects.first(),
        "suppressed": suppressed(),
    }


def suppressed() -> list[tuple[str, int, int]]:
    """Why addresses get nothing more: how many, and how many of them in the last seven days."""
    lately = dict(Suppression.objects.lately().by_cause())
    return [(cause, number, lately.get(cause, 0)) for cause, number in Suppression.objects.by_cause()]


def recent(user: Any) -> list[Version]:
    """The last changes to content."""
    if not user.has_perm("pages.view_page"):
        return []
    return list(Version.objects.newest()[:8])
