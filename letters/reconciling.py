"""Letters on their way that no outbox item carries (manage.py reconcile). Cost grows with the letters that wait."""

from django.db import transaction

from letters import dispatch
from letters.models import Delivery
from letters.states import State


@transaction.atomic
def put_ready_on_their_way() -> int:
    """Ready, and not held for staff: sent as if just confirmed."""
    lost = without_item(State.READY)
    for delivery in lost:
        dispatch.send(delivery)
    return len(lost)


@transaction.atomic
def call_sending_unknown() -> int:
    """Begun, and nobody can say how it ended: a letter is not sent again without staff."""
    lost = without_item(State.SENDING)
    for delivery in lost:
        delivery.become(State.UNKNOWN)
    return len(lost)


def without_item(state: State) -> list[Delivery]:
    """Locked; what another transaction is settling just now is left to it."""
    waiting = Delivery.objects.filter(state=state, held_because="")
    carried = dispatch.items_of(waiting.values_list("pk", flat=True)).values_list("payload__delivery", flat=True)
    lost = set(waiting.values_list("pk", flat=True)) - set(carried)
    locked = Delivery.objects.filter(pk__in=lost, state=state).select_for_update(skip_locked=True)
    return [delivery for delivery in locked if not dispatch.items_of([delivery.pk]).exists()]
