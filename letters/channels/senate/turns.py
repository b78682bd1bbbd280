"""The clock's part of the Senate's system: letting letters go while it is open and not paused."""

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from letters import pacing
from letters.channels.senate import SenateApiChannel, configuration, windows
from letters.models import ChannelName, Delivery, Office

NAME = ChannelName.SENATE_API


def tick() -> int:
    """How many letters may go now."""
    if NAME not in settings.LETTER_CHANNELS:
        return 0
    pacing.reroute(NAME, unreachable())
    api = configuration.load()
    if windows.is_closed(api.closed, timezone.now()):
        return 0
    return pacing.release(NAME, rate=api.rate, office_rate=api.office_rate)


def unreachable() -> list[int]:
    """Offices in line that asked for an end, left the Senate's list, or whose senator has left."""
    channel = SenateApiChannel()
    line = Delivery.objects.in_line(NAME).filter(queued_office=OuterRef("pk"))
    waiting = Office.objects.filter(Exists(line))
    return [office.pk for office in waiting if not (office.is_current and channel.reaches(office))]
