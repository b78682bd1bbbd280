"""The systems of Congress in the schedule: let letters go while they are open and not paused."""

from django.conf import settings
from django.db.models import Exists, OuterRef

from campaign.database import clock
from letters.delivery import rate_limit
from letters.delivery.channels import make_channel
from letters.delivery.channels.congress import configuration, windows
from letters.delivery.channels.congress.configuration import SENATE, System
from letters.models import ChannelName, Delivery, Office


def tick(system: System = SENATE) -> int:
    """Let letters go; return how many may go now. Raises NotConfigured."""
    name = system.channel
    if name not in settings.LETTER_CHANNELS:
        return 0
    rate_limit.reroute(name, unreachable(name))
    api = configuration.load(system)
    if windows.is_closed(api.closed, clock.now()):
        return 0
    return rate_limit.release(name, rate=api.rate, office_rate=api.office_rate)


def unreachable(name: ChannelName) -> list[int]:
    """Return offices in line that opted out, are no longer on the chamber's list, or whose member has left."""
    channel = make_channel(name)
    line = Delivery.objects.in_line(name).filter(queued_office=OuterRef("pk"))
    waiting = Office.objects.filter(Exists(line))
    return [office.pk for office in waiting if not (office.is_current and channel.reaches(office))]
