"""What staff decide about letters that cannot go on by themselves.

Raises NotAllowed for what the table of states forbids.
"""

from django.db import transaction
from django.db.models.functions import Now

from letters import dispatch, telling
from letters.channels.printing import TO_BE_PRINTED
from letters.models import ChannelName, Delivery, Letter
from letters.states import NotAllowed, State


@transaction.atomic
def retry(delivery: Delivery) -> None:
    """Send again: a letter that was held, refused, given up, or of which nobody knows whether it arrived."""
    if delivery.state == State.UNCONFIRMED:  # by its writer, and by nobody else
        raise NotAllowed(delivery.state, State.READY)
    if delivery.state == State.READY:
        delivery.release()
    else:
        delivery.become(State.READY)
    Delivery.objects.filter(pk=delivery.pk).update(bound_to="")
    dispatch.send_again(delivery)


@transaction.atomic
def cancel(delivery: Delivery) -> None:
    """Never send it; the person may write to this office anew."""
    delivery.become(State.WITHDRAWN)
    Letter.objects.filter(pk=delivery.letter_id).update(withdrawn_at=Now())
    dispatch.call_off([delivery.pk])


@transaction.atomic
def hand_to_constituent(delivery: Delivery) -> None:
    """Ask the constituent to send it themself, through the office's form or on paper."""
    delivery.become(State.NEEDS_CONSTITUENT, channel=ChannelName.CONTACT_FORM)
    dispatch.call_off([delivery.pk])
    telling.ask_for_hand(delivery)


@transaction.atomic
def mark(delivery: Delivery, state: State) -> None:
    """Put down what staff found out about a letter."""
    delivery.become(state)
    dispatch.call_off([delivery.pk])


@transaction.atomic
def note_taken_to_office(delivery: Delivery) -> None:
    """A printed letter was posted or handed over. Raises NotAllowed for one that was not waiting for it."""
    if delivery.held_because != TO_BE_PRINTED:
        raise NotAllowed(delivery.state, State.ACCEPTED)
    delivery.become(State.SENDING, channel=ChannelName.PRINT)
    delivery.become(State.ACCEPTED)
