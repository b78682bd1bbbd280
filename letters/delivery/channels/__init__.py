"""How letters reach an office: one small class for each channel, all with the same interface (base.py).

    with open_channels() as channels:
        channel = channels.of(office)
        answer = channel.deliver(delivery, message, hand_over)

A channel is imported only if the setting LETTER_CHANNELS names it; otherwise none of its code can run. Only the
sandbox, which cannot send anything, is used without that, while the whole site is rehearsed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.utils.module_loading import import_string

from campaign.outbox import rehearsals
from letters.delivery.channels.base import Channel
from letters.models import ChannelName, ChannelStatus, Delivery, Office

CLASSES: dict[str, str] = {
    ChannelName.SENATE_API: "letters.delivery.channels.congress.SenateApiChannel",
    ChannelName.HOUSE_API: "letters.delivery.channels.congress.HouseApiChannel",
    ChannelName.EMAIL: "letters.delivery.channels.email.EmailChannel",
    ChannelName.CONTACT_FORM: "letters.delivery.channels.contact_form.ContactFormChannel",
    ChannelName.PRINT: "letters.delivery.channels.printing.PrintChannel",
    ChannelName.SANDBOX: "letters.delivery.channels.sandbox.SandboxChannel",
}


class NoChannel(Exception):
    """No channel that is allowed here reaches this office."""


def make_channel(name: str) -> Channel:
    channel: Channel = import_string(CLASSES[name])()
    return channel


def allowed_channels(office: Office) -> list[str]:
    """Return the names of the channels to try for this office, best first: in staff's order, else in the usual one.

    What cannot go by mail any more must not end in the sandbox, which sends nothing.
    """
    order = office.channels or ChannelName.values
    allowed = [name for name in order if name in settings.LETTER_CHANNELS and name in CLASSES]
    return [name for name in allowed if name != ChannelName.SANDBOX] if office.is_email_stopped else allowed


class Channels:
    """Makes each channel once, so that a batch shares its connection."""

    def __init__(self) -> None:
        self.made: dict[str, Channel] = {}

    def get(self, name: str) -> Channel:
        return self.made.setdefault(name, self.made.get(name) or make_channel(name))

    @cached_property
    def closed(self) -> set[str]:
        return set(ChannelStatus.objects.closed().values_list("name", flat=True))

    @cached_property
    def rehearsed_since(self) -> datetime | None:
        """Return since when the whole site has been rehearsed (campaign/outbox/rehearsals.py), if it is."""
        return rehearsals.began_at()

    def of(self, office: Office) -> Channel:
        """Return the usual channel to this office. Raises NoChannel."""
        return first(self.reaching(office))

    def of_letter(self, delivery: Delivery) -> Channel:
        """Return the channel for this letter, which may differ from the usual one. Raises NoChannel."""
        passed_over = {delivery.returned_by, ChannelName.SANDBOX} if delivery.returned_by else set()
        reaching = (one for one in self.reaching(delivery.letter.office) if one.name not in passed_over)
        return first(channel for channel in reaching if channel.takes(delivery))

    def reaching(self, office: Office) -> Iterator[Channel]:
        return (self.get(name) for name in allowed_channels(office) if self.get(name).reaches(office))


def first(channels: Iterator[Channel]) -> Channel:
    """Return the first channel. Raises NoChannel if there is none."""
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
