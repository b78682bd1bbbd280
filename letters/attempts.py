"""Tries at handing a letter over, each with its phase, so that what a vanished worker did can be told afterwards."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from letters.channels.base import Channel
from letters.models import Attempt, Delivery, Outcome, Phase
from letters.states import State


class Superseded(Exception):
    """The attempt was closed meanwhile: somebody else decides about this letter now."""


@transaction.atomic
def begin(routes: Sequence[tuple[Delivery, Channel]]) -> dict[int, Attempt]:
    """Mark these as being sent and record an attempt of each, by delivery; without those no longer ready."""
    wanted = {delivery.pk: (delivery, channel) for delivery, channel in routes}
    counted = Delivery.objects.ready().filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    numbers = dict(counted.values_list("pk", "attempts_made"))
    rows = []
    for pk, made in numbers.items():
        delivery, channel = wanted[pk]
        delivery.become(State.SENDING, channel=channel.name, attempts_made=made + 1, released_at=None)
        rows.append(Attempt(delivery=delivery, number=made + 1, channel=channel.name))
    return {attempt.delivery_id: attempt for attempt in Attempt.objects.bulk_create(rows)}


def hand_over(attempt: Attempt) -> None:
    """Note, before anything leaves, that from now on it may have. Raises Superseded."""
    mine = Attempt.objects.filter(pk=attempt.pk, phase=Phase.COMPOSING)
    if not mine.update(phase=Phase.HANDING_OVER, handed_over_at=Now()):
        raise Superseded
    attempt.phase = Phase.HANDING_OVER


def close(attempt: Attempt, outcome: Outcome, detail: str = "") -> None:
    closed = {"phase": Phase.ANSWERED, "outcome": outcome, "detail": detail or None, "answered_at": Now()}
    Attempt.objects.open().filter(pk=attempt.pk).update(**closed)
