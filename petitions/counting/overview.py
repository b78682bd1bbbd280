"""How a petition is doing, from tallies and a sample of its rows: as quick at five million as at five."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef
from django_stubs_ext import StrOrPromise

from petitions.models import Channel, Petition, Signature, State, Tally

DAYS_SHOWN = 30
SAMPLE = 1000
MOST_HELD = 5_000


@dataclass(frozen=True)
class Overview:
    confirmed: int
    by_day: list[tuple[Any, int]]  # newest first
    by_channel: list[tuple[StrOrPromise, int]]
    held: int
    held_is_more: bool
    sample: int  # how many signatures were looked at
    pending_percent: int | None  # of those; None if there are none


def overview(petition: Petition) -> Overview:
    (found,) = overviews([petition])
    return found


def overviews(petitions: Sequence[Petition]) -> list[Overview]:
    """Return how each of these is doing, in three queries."""
    pks = [petition.pk for petition in petitions]
    states = ArraySubquery(Signature.objects.sample(OuterRef("pk"), SAMPLE).values("state"))
    held = ArraySubquery(Signature.objects.held().filter(petition=OuterRef("pk")).values("pk")[: MOST_HELD + 1])
    number_held = Func(held, function="cardinality", output_field=IntegerField())
    rows = {pk: found for pk, *found in Petition.objects.filter(pk__in=pks).values_list("pk", states, number_held)}
    tallies = Tally.objects.filter(petition__in=pks)
    by_day, by_channel = (list(tallies.sums("petition", column).order_by(column)) for column in ("day", "channel"))
    return [
        Overview(
            confirmed=petition.count,
            by_day=[(day, number) for pk, day, number in reversed(by_day) if pk == petition.pk][:DAYS_SHOWN],
            by_channel=[(Channel(channel).label, number) for pk, channel, number in by_channel if pk == petition.pk],
            **figures_of(*rows[petition.pk]),
        )
        for petition in petitions
    ]


def figures_of(states: list[str], held: int) -> dict[str, Any]:
    seen = len(states)
    return {
        "held": min(held, MOST_HELD),
        "held_is_more": held > MOST_HELD,
        "sample": seen,
        "pending_percent": round(states.count(State.PENDING) * 100 / seen) if seen else None,
    }
