"""Letters on their way that no outbox item carries (manage.py reconcile). Cost grows with the letters that wait."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaign.outbox.models import Item
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
    carrying = Item.objects.filter(pk=OuterRef("queued_item"))
    lost = Delivery.objects.filter(~Exists(carrying), state=state, held_because="")
    return list(lost.select_for_update(skip_locked=True))
