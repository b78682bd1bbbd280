"""What channels to a remote system share: an outage costs no letter an attempt, however long it lasts.

One letter of a batch finds it out, the others do not try; the channel rests, and staff see on the first page of the
admin why letters wait.
"""

from datetime import timedelta

from letters.delivery.channels.base import Accepted, Answer, BeforeHandOver, Channel, Later, Rejected
from letters.models import ChannelStatus, Delivery
from letters.models.message import Message

REST = timedelta(minutes=1)


class Unreachable(Exception):
    """Nothing could leave. `reason` is read by more people than the words of the error, and holds nothing personal."""

    def __init__(self, reason: str, words: object) -> None:
        super().__init__(str(words))
        self.reason = reason


class RemoteChannel(Channel):
    outage: Later | None = None
    was_reached = False

    def send(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        """Do what `deliver` says. Raises Unreachable."""
        raise NotImplementedError

    def deliver(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        if self.outage:
            return self.outage
        try:
            answer = self.send(delivery, message, hand_over)
        except Unreachable as error:
            return self.rest(error)
        if isinstance(answer, Accepted | Rejected):
            self.note_reached()
        return answer

    def rest(self, error: Unreachable) -> Later:
        ChannelStatus.objects.of(self.name).note_unreachable(error.reason, rest=REST)
        self.outage = Later(str(error), reason=error.reason, is_spent=False)
        return self.outage

    def note_reached(self) -> None:
        """Record, once in a batch, that the other side was reached."""
        if not self.was_reached:
            ChannelStatus.objects.unreachable().filter(name=self.name).note_reached()
            self.was_reached = True
