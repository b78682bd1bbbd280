"""The offices that take letters through the Senate's system: its own list, stored here between two fetches."""

import json
import logging
import re

from django.db.models.functions import Now

from letters.delivery.channels.senate import configuration, transport
from letters.models import ChannelName, ChannelStatus

logger = logging.getLogger(__name__)

OFFICE_CODE = re.compile(r"S[A-Z]{2}0[123]")


def refresh() -> int:
    """Fetch the list; return the number of offices on it.

    Keep the old one if it cannot be read. Raises NotConfigured.
    """
    api = configuration.load()
    try:
        reply = transport.Transport(api).get_offices()
        codes = read(reply)
    except (transport.NotSent, transport.NoReply, ValueError) as error:
        logger.error("the Senate's list of offices: %s", error)
        return 0
    status = ChannelStatus.objects.of(ChannelName.SENATE_API)
    ChannelStatus.objects.filter(pk=status.pk).update(open_offices=codes, offices_at=Now())
    return len(codes)


def read(reply: transport.Reply) -> list[str]:
    """Return the codes of the offices on the list. Raises ValueError."""
    if reply.status != 200:
        raise ValueError(f"answer {reply.status}")
    entries = json.loads(reply.body)
    codes = sorted({entry["office_code"] for entry in entries if OFFICE_CODE.fullmatch(str(entry.get("office_code")))})
    if not codes:
        raise ValueError("an empty list")
    return codes
