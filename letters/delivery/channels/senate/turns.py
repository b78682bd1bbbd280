"""The Senate's system in the schedule: let letters go while it is open and not paused."""

from django.conf import settings
from django.db.models import Exists, OuterRef

from campaign.database import clock
from letters.delivery import rate_limit
from letters.delivery.channels.senate import SenateApiChannel, configuration, windows
from letters.models import ChannelName, Delivery, Office

SENATE = ChannelName.SENATE_API


def tick() -> int:
    """Let letters go; return how many may go now. Raises NotConfigured."""
    if SENATE not in settings.LETTER_CHANNELS:
        return 0
    rate_limit.reroute(SENATE, unreachable())
    api = configuration.load()
    if windows.is_closed(api.closed, clock.now()):
        return 0
    return rate_limit.release(SENATE, rate=api.rate, office_rate=api.office_rate)


def unreachable() -> list[int]:
    """Return offices in line that opted out, are no longer on the Senate's list, or whose senator has left."""
    channel = SenateApiChannel()
    line = Delivery.objects.in_line(SENATE).filter(queued_office=OuterRef("pk"))
    waiting = Office.objects.filter(Exists(line))
    return [office.pk for office in waiting if not (office.is_current and channel.reaches(office))]
