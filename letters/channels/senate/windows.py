"""The hours in which the Senate's system is closed, in the time of Washington.

closed("Sun 00:00-06:00, Wed 05:00-07:00", at)
"""

import re
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WINDOW = re.compile(r"(?P<day>\w{3}) (?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)")


def is_closed(windows: str, at: datetime) -> bool:
    there = at.astimezone(EASTERN)
    return any(day == there.weekday() and start <= there.time() < end for day, start, end in parse(windows))


@cache
def parse(windows: str) -> list[tuple[int, time, time]]:
    """Raises ValueError for what cannot be read."""
    found = [WINDOW.fullmatch(part.strip()) for part in windows.split(",") if part.strip()]
    if not all(found):
        raise ValueError(f"SENATE_API_CLOSED: {windows!r} is not like “Sun 00:00-06:00, Wed 05:00-07:00”")
    return [
        (DAYS.index(match["day"]), time.fromisoformat(match["start"]), time.fromisoformat(match["end"]))
        for match in found
        if match
    ]
