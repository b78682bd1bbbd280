"""The hours in which a chamber's system is closed, in Washington time.

is_closed("Sun 00:00-06:00, Wed 05:00-07:00", at)
"""

import re
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TIME_OF_DAY = r"(?:[01]\d|2[0-3]):[0-5]\d"
WINDOW = re.compile(rf"(?P<day>{'|'.join(WEEKDAYS)}) (?P<start>{TIME_OF_DAY})-(?P<end>{TIME_OF_DAY})", re.ASCII)


def is_closed(windows: str, at: datetime) -> bool:
    there = at.astimezone(EASTERN)
    return any(day == there.weekday() and start <= there.time() < end for day, start, end in parse(windows))


@cache
def parse(windows: str) -> list[tuple[int, time, time]]:
    """Return weekday, start and end of each window. Raises ValueError if one is unreadable or ends before it begins."""
    found = [WINDOW.fullmatch(part.strip()) for part in windows.split(",") if part.strip()]
    if not all(match and match["start"] < match["end"] for match in found):
        raise ValueError(f"{windows!r} is not like “Sun 00:00-06:00, Wed 05:00-07:00”")
    return [
        (WEEKDAYS.index(match["day"]), time.fromisoformat(match["start"]), time.fromisoformat(match["end"]))
        for match in found
        if match
    ]


def day_there(at: datetime) -> str:
    """Return the day that it is in Washington, as YYYYMMDD.

    >>> day_there(datetime.fromisoformat("2027-01-04T03:00:00+00:00"))
    '20270103'
    """
    return at.astimezone(EASTERN).strftime("%Y%m%d")
