"""Letters whose way cannot simply go on (manage.py reconcile). Cost grows with the letters that wait."""

from django.db import transaction
from django.db.models.functions import Now

from letters.delivery import attempts, dispatch
from letters.delivery.attempts import Ending
from letters.models import Attempt, Delivery, Outcome
from letters.models.deliveries import DeliveryQuerySet
from letters.models.delivery_states import State

RESTORED = "a backup was restored: it may have gone out since that was made"
AT_A_TIME = 1000


def hold_ready() -> int:
    """Hold for staff whatever is ready: nobody knows which of these letters have gone out since the backup."""
    number = 0
    while held := hold_some():
        number += held
    return number


@transaction.atomic
def hold_some() -> int:
    """Leave to others what they are settling just now; a worker that comes later leaves alone what is held."""
    ready = Delivery.objects.ready().filter(held_because="").select_for_update(skip_locked=True)
    ids = list(ready.values_list("pk", flat=True)[:AT_A_TIME])
    Delivery.objects.filter(pk__in=ids).update(
        held_because=RESTORED, queued_for="", released_at=None, printed_at=None, changed_at=Now()
    )
    dispatch.call_off(ids, with_lost=True)
    return len(ids)


@transaction.atomic
def call_begun_unknown() -> int:
    """Begun before the backup, or by a worker that is gone; what a worker has in hand at this moment is left to it."""
    return call_unknown(Delivery.objects.filter(~dispatch.is_in_hand(), state=State.SENDING))


@transaction.atomic
def put_ready_on_their_way() -> int:
    """Ready, and not held for staff: sent as if just confirmed."""
    lost = list(without_item().filter(state=State.READY, held_because="").select_for_update(skip_locked=True))
    for delivery in lost:
        dispatch.send(delivery)
    return len(lost)


@transaction.atomic
def call_sending_unknown() -> int:
    """Begun, and nobody can say how it ended: a letter is not sent again without staff."""
    return call_unknown(without_item().filter(state=State.SENDING))


def without_item() -> DeliveryQuerySet:
    return Delivery.objects.filter(~dispatch.has_item())


def call_unknown(deliveries: DeliveryQuerySet) -> int:
    lost = list(deliveries.select_for_update(skip_locked=True))
    tries = {attempt.delivery_id: attempt for attempt in Attempt.objects.open().filter(delivery__in=lost)}
    for delivery in lost:
        if attempt := tries.get(delivery.pk):
            attempts.end([Ending(attempt, delivery, Outcome.UNKNOWN, State.UNKNOWN, "nobody knows how it ended")])
        else:
            delivery.become(State.UNKNOWN)
    return len(lost)
