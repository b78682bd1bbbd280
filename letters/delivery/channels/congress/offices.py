"""The offices that take letters through a chamber's system: its own list, stored here between two fetches."""

import json
import logging

from django.db.models.functions import Now

from letters.delivery.channels.congress import configuration, transport
from letters.delivery.channels.congress.configuration import SENATE, System
from letters.models import ChannelStatus

logger = logging.getLogger(__name__)


def refresh(system: System = SENATE) -> int:
    """Fetch the list; return the number of offices on it.

    Keep the old one if it cannot be read. Raises NotConfigured.
    """
    api = configuration.load(system)
    try:
        reply = transport.Transport(api).get_offices()
        codes = read(reply, system)
    except (transport.NotSent, transport.NoReply, ValueError) as error:
        logger.error("the list of offices of %s: %s", system.channel.value, error)
        return 0
    status = ChannelStatus.objects.of(system.channel)
    ChannelStatus.objects.filter(pk=status.pk).update(open_offices=codes, offices_at=Now())
    return len(codes)


def read(reply: transport.Reply, system: System) -> list[str]:
    """Return the codes of the offices on the list, of plain codes or of objects that have one. Raises ValueError."""
    if reply.status != 200:
        raise ValueError(f"answer {reply.status}")
    entries = json.loads(reply.body)
    given = {str(entry.get("office_code") if isinstance(entry, dict) else entry) for entry in entries}
    codes = sorted(code for code in given if system.office_code.fullmatch(code))
    if not codes:
        raise ValueError("an empty list")
    return codes
