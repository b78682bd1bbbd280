"""The chambers' own systems for constituents' mail ("Communicating with Congress"), for the offices that take part.

A repetition carries the same delivery ID, and the system answers 409 to it: a letter is neither lost nor delivered
twice.
"""

from datetime import timedelta
from functools import cached_property
from typing import ClassVar

from campaign.database import clock
from letters.delivery.channels.base import Answer, BeforeHandOver, Later, Unanswered
from letters.delivery.channels.congress import answers, configuration, message, transport, windows
from letters.delivery.channels.remote import RemoteChannel, Unreachable
from letters.models import Attempt, ChannelName, ChannelStatus, Delivery, Office
from letters.models.message import Message

CLOSED_WAIT = timedelta(minutes=5)
HANGING_REST = timedelta(seconds=10)  # so that a system that hangs does not hold all workers


class CongressChannel(RemoteChannel):
    system: ClassVar[configuration.System]
    is_repeatable = True
    needs_prefix = True

    @cached_property
    def api(self) -> configuration.Api | None:
        try:
            return configuration.load(self.system)
        except configuration.NotConfigured:
            return None

    @property
    def rate(self) -> float | None:
        return self.api.rate if self.api else None

    @cached_property
    def open_offices(self) -> set[str]:
        return set(ChannelStatus.objects.of(self.name).open_offices)

    def reaches(self, office: Office) -> bool:
        is_open = office.code in self.open_offices and not office.is_congress_api_stopped
        return self.api is not None and is_open

    def takes(self, delivery: Delivery) -> bool:
        """Return whether the message is valid here; one without a prefix, for instance, goes by another channel."""
        try:
            return bool(self.compose(delivery, delivery.letter.message))
        except message.Invalid:
            return False

    def compose(self, delivery: Delivery, text: Message) -> bytes:
        assert self.api is not None
        return message.compose_xml(delivery, text, self.api)

    def send(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        assert self.api is not None
        if windows.is_closed(self.api.closed, clock.now()):
            return Later("closed at this hour", after=CLOSED_WAIT, is_spent=False)
        document = self.compose(delivery, message)
        try:
            reply = transport.Transport(self.api).post(document, hand_over)
            return answers.answer_for_reply(reply, is_repetition=was_handed_over_before(delivery))
        except transport.NotSent as error:
            raise Unreachable(f"no connection to the system of Congress: {error}", error) from error
        except transport.NoReply as error:
            ChannelStatus.objects.of(self.name).be_quiet(HANGING_REST)
            return Unanswered(f"no answer: {error}")
        except answers.SlowDown as answer:
            ChannelStatus.objects.of(self.name).be_quiet(answer.wait)
            return Later("asked to slow down", after=answer.wait, is_spent=False)
        except answers.Paused as answer:
            ChannelStatus.objects.of(self.name).pause(str(answer))
            return Later(f"the channel is paused: {answer}", is_spent=False)


class SenateApiChannel(CongressChannel):
    name = ChannelName.SENATE_API
    system = configuration.SENATE


class HouseApiChannel(CongressChannel):
    name = ChannelName.HOUSE_API
    system = configuration.HOUSE


def was_handed_over_before(delivery: Delivery) -> bool:
    if delivery.attempts_made == 1:
        return False
    return Attempt.objects.filter(delivery=delivery, handed_over_at__isnull=False).count() > 1
