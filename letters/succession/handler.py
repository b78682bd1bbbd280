"""The outbox's handler for a change in a seat: every letter that waits for the senator who has left is looked at."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from campaign.outbox.handlers import Done, Handler, Item, Outcome, Result, Retry
from letters.delivery import changeover
from letters.models import Delivery, Office
from letters.models.delivery_states import NotAllowed, State
from letters.succession import readdressing

BATCH = 200
MORE = Retry("more letters wait", after=timedelta(seconds=1), is_spent=False)
BEING_SENT = Retry("some letters are being sent at this moment", after=timedelta(minutes=1), is_spent=False)


class ChangeoverHandler(Handler):
    batch_size = 1

    def run(self, items: Sequence[Item]) -> Iterator[Result]:
        for item in items:
            yield item, settle_waiting(item.payload["office"])


def settle_waiting(office_id: int) -> Outcome:
    office = Office.objects.former().filter(pk=office_id).first()
    if office is None or office.holder is None:  # nobody to offer them to; each is held at its own turn
        return Done()
    waiting = Delivery.objects.left_behind(office_id).with_letter().order_by("pk")
    settled = [settle(delivery) for delivery in waiting[:BATCH]]
    if len(settled) == BATCH and any(settled):
        return MORE
    being_sent = Delivery.objects.filter(letter__office=office_id, state=State.SENDING)
    return BEING_SENT if being_sent.exists() else Done()


def settle(delivery: Delivery) -> bool:
    """Return whether it could be settled; what its writer, a worker or staff changed just now is left to them."""
    with suppress(NotAllowed):
        if delivery.state == State.UNCONFIRMED:
            readdressing.readdress_unconfirmed(delivery)
        else:
            changeover.settle(delivery)
        return True
    return False
