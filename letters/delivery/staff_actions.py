"""What staff decide about letters that cannot go on by themselves.

Raises NotAllowed for what the table of states forbids, and SenatorLeft for what would go to a former senator.
"""

from django.db import transaction
from django.db.models.functions import Now

from letters.delivery import changeover, dispatch, notifications
from letters.models import ChannelName, Delivery, Letter
from letters.models.deliveries import FOR_HAND, SENATOR_LEFT, TO_BE_PRINTED, DeliveryQuerySet
from letters.models.delivery_states import FOLLOWS, NotAllowed, State

# Its writer alone confirms a letter, and what is there is there.
NEVER_SENT_AGAIN = {State.UNCONFIRMED, State.ACCEPTED}
TO_THE_OFFICE = {"send_again", "hand_over", "print_batch", "print_again"}


class SenatorLeft(NotAllowed):
    """Nothing can reach a senator who is no longer in office."""

    def __init__(self) -> None:
        Exception.__init__(self, SENATOR_LEFT)


def refuse_former(delivery: Delivery) -> None:
    if not delivery.letter.office.is_current:
        raise SenatorLeft


@transaction.atomic
def retry(delivery: Delivery) -> None:
    """Send again: a letter that was held, refused, given up, or of which nobody knows whether it arrived."""
    refuse_former(delivery)
    if delivery.state in NEVER_SENT_AGAIN:
        raise NotAllowed(delivery.state, State.READY)
    if delivery.state == State.READY:
        delivery.release()
    else:
        delivery.become(State.READY)
    Delivery.objects.filter(pk=delivery.pk).update(bound_to="", returned_by="")
    dispatch.send_again(delivery)


@transaction.atomic
def cancel(delivery: Delivery) -> None:
    """Never send it, and tell the person, who may write to this office anew, or to who sits there by now."""
    if not delivery.letter.office.is_current:
        changeover.cancel(delivery)
        return
    delivery.become(State.WITHDRAWN, is_cancelled=True)
    Letter.objects.filter(pk=delivery.letter_id).update(withdrawn_at=Now())
    dispatch.call_off([delivery.pk])
    notifications.tell_cancelled(delivery)


@transaction.atomic
def hand_to_constituent(delivery: Delivery) -> None:
    """Ask the constituent to send it themself, through the office's form or on paper."""
    refuse_former(delivery)
    delivery.become(State.NEEDS_CONSTITUENT, channel=ChannelName.CONTACT_FORM)
    dispatch.call_off([delivery.pk])
    notifications.ask_for_hand(delivery)


@transaction.atomic
def mark_as(delivery: Delivery, state: State) -> None:
    """Put down what staff found out about a letter."""
    delivery.become(state)
    dispatch.call_off([delivery.pk])
    if state in FOR_HAND:
        notifications.ask_for_hand(delivery)


def to_be_printed() -> DeliveryQuerySet:
    """Confirmed, held for being printed, and not erased."""
    return Delivery.objects.held_because(TO_BE_PRINTED).readable()


@transaction.atomic
def note_taken_to_office(delivery: Delivery) -> None:
    """Put down that a printed letter was posted or handed over.

    Raises NotAllowed for one that was not printed, or is not held for it any more.
    """
    on_desk = to_be_printed().printed().filter(pk=delivery.pk)
    if not on_desk.select_for_update().exists():
        raise NotAllowed(delivery.state, State.ACCEPTED)
    delivery.become(State.SENDING, channel=ChannelName.PRINT)
    delivery.become(State.ACCEPTED)


def refuse_unless_possible(name: str, delivery: Delivery) -> None:
    """Refuse what the page of the letter would not offer. Raises NotAllowed, SenatorLeft."""
    if name in TO_THE_OFFICE:
        refuse_former(delivery)
    if name not in possible_for(delivery):
        raise NotAllowed(delivery.state, name)


def possible_for(delivery: Delivery) -> set[str]:
    """Return the names of what can be done with a letter as it stands now.

    Nothing can while a worker sends it, or once it is erased.
    """
    state, follows = State(delivery.state), FOLLOWS[State(delivery.state)]
    if state == State.SENDING or delivery.letter.is_erased:
        return set()
    is_current, is_held = delivery.letter.office.is_current, state == State.READY and delivery.held_because != ""
    is_on_paper = delivery.held_because == TO_BE_PRINTED and to_be_printed().filter(pk=delivery.pk).exists()
    is_printed = is_on_paper and delivery.printed_at is not None
    can_do = {
        "send_again": is_current and (is_held or (State.READY in follows and state not in NEVER_SENT_AGAIN)),
        "hand_over": is_current and State.NEEDS_CONSTITUENT in follows,
        "cancel": State.WITHDRAWN in follows,
        "mark_accepted": State.ACCEPTED in follows,
        "mark_rejected": State.REJECTED in follows,
        "mark_dead": State.DEAD in follows,
        "print_batch": is_current and is_on_paper and not is_printed,
        "print_again": is_current and is_printed,
        "mark_taken": is_printed,
    }
    return {name for name, can in can_do.items() if can}
