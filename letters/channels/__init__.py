"""How letters reach an office: one small class for each channel, all behind one interface (base.py).

    with open_channels() as channels:
        channel = channels.of(office)
        answer = channel.deliver(delivery, message, hand_over)

A channel is imported only if the setting LETTER_CHANNELS names it, so that where it is not, none of its code can run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from django.conf import settings
from django.utils.module_loading import import_string

from letters.channels.base import Channel
from letters.models import ChannelName, ChannelStatus, Delivery, Office

CLASSES: dict[str, str] = {
    ChannelName.SENATE_API: "letters.channels.senate.SenateApiChannel",
    ChannelName.EMAIL: "letters.channels.email.EmailChannel",
    ChannelName.CONTACT_FORM: "letters.channels.contact_form.ContactFormChannel",
    ChannelName.PRINT: "letters.channels.printing.PrintChannel",
    ChannelName.SANDBOX: "letters.channels.sandbox.SandboxChannel",
}


class NoChannel(Exception):
    """No channel that is allowed here reaches this office."""


def make(name: str) -> Channel:
    channel: Channel = import_string(CLASSES[name])()
    return channel


def allowed(office: Office) -> list[str]:
    """Names of the channels to try for this office, best first: staff's order, else the usual one."""
    order = office.channels or ChannelName.values
    return [name for name in order if name in settings.LETTER_CHANNELS and name in CLASSES]


class Channels:
    """Each channel once, so that a batch shares its connection."""

    def __init__(self) -> None:
        self.made: dict[str, Channel] = {}

    def get(self, name: str) -> Channel:
        return self.made.setdefault(name, self.made.get(name) or make(name))

    @cached_property
    def closed(self) -> set[str]:
        return set(ChannelStatus.objects.closed().values_list("name", flat=True))

    def of(self, office: Office) -> Channel:
        """The usual way to this office. Raises NoChannel."""
        return first(self.reaching(office))

    def of_letter(self, delivery: Delivery) -> Channel:
        """The way of this letter, which may need another than the usual one. Raises NoChannel."""
        return first(channel for channel in self.reaching(delivery.letter.office) if channel.takes(delivery))

    def reaching(self, office: Office) -> Iterator[Channel]:
        return (self.get(name) for name in allowed(office) if self.get(name).reaches(office))


def first(channels: Iterator[Channel]) -> Channel:
    """Raises NoChannel."""
    for channel in channels:
        return channel
    raise NoChannel


@contextmanager
def open_channels() -> Iterator[Channels]:
    channels = Channels()
    try:
        yield channels
    finally:
        for channel in channels.made.values():
            channel.close()
