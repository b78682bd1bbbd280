"""The hours in which the Senate's system is closed, in the time of Washington.

closed("Sun 00:00-06:00, Wed 05:00-07:00", at)
"""

import re
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"
WINDOW = re.compile(rf"(?P<day>{'|'.join(DAYS)}) (?P<start>{HOUR})-(?P<end>{HOUR})", re.ASCII)


def is_closed(windows: str, at: datetime) -> bool:
    there = at.astimezone(EASTERN)
    return any(day == there.weekday() and start <= there.time() < end for day, start, end in parse(windows))


@cache
def parse(windows: str) -> list[tuple[int, time, time]]:
    """Raises ValueError for what cannot be read, or ends before it begins."""
    found = [WINDOW.fullmatch(part.strip()) for part in windows.split(",") if part.strip()]
    if not all(match and match["start"] < match["end"] for match in found):
        raise ValueError(f"SENATE_API_CLOSED: {windows!r} is not like “Sun 00:00-06:00, Wed 05:00-07:00”")
    return [
        (DAYS.index(match["day"]), time.fromisoformat(match["start"]), time.fromisoformat(match["end"]))
        for match in found
        if match
    ]
