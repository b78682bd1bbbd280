"""What becomes of a letter whose senator leaves office before it has gone.

It is never sent to them. Once it is known who holds the seat, it is cancelled, and its writer gets a mail that offers
it readdressed (letters/succession); until then it waits. What may have arrived already is `unknown`, for staff.
"""

from django.db import transaction
from django.db.models.functions import Now

from letters.delivery import dispatch, notifications
from letters.models import Delivery, Letter
from letters.models.deliveries import SENATOR_LEFT
from letters.models.delivery_states import State


@transaction.atomic
def settle(delivery: Delivery) -> None:
    """Decide on a confirmed letter to a former senator. Raises NotAllowed if it was changed elsewhere meanwhile."""
    if delivery.state == State.READY and delivery.bound_to:
        delivery.become(State.UNKNOWN)
        dispatch.call_off([delivery.pk])
    elif delivery.letter.office.holder:
        cancel(delivery)
    elif delivery.state == State.READY:
        delivery.hold(SENATOR_LEFT)
        dispatch.call_off([delivery.pk])


@transaction.atomic
def cancel(delivery: Delivery) -> None:
    """Never send it, and tell the person who sits there now."""
    delivery.become(State.WITHDRAWN, has_senator_left=True)
    Letter.objects.filter(pk=delivery.letter_id).update(withdrawn_at=Now())
    dispatch.call_off([delivery.pk])
    notifications.tell_senator_left(delivery)
