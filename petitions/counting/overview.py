"""How a petition is doing, from tallies and a sample of its rows: as quick at five million as at five."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django_stubs_ext import StrOrPromise

from petitions.models import Channel, Petition, Signature, State

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
    states = Counter(Signature.objects.sampled_states(petition, SAMPLE))
    seen = states.total()
    held = Signature.objects.held().filter(petition=petition)[: MOST_HELD + 1].count()
    return Overview(
        confirmed=petition.count,
        by_day=petition.tallies.newest_days(DAYS_SHOWN),
        by_channel=[(Channel(channel).label, number) for channel, number in petition.tallies.sums_by("channel")],
        held=min(held, MOST_HELD),
        held_is_more=held > MOST_HELD,
        sample=seen,
        pending_percent=round(states[State.PENDING] * 100 / seen) if seen else None,
    )
