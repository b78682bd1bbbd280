"""Compute bar charts, which templates draw as SVG next to a table of the same numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HEIGHT = 80
BAR_STEP = 12  # from one bar to the next
BAR = 9
NUMBER_WIDTH = 4  # hundredths of a phone's width that the number of a mark takes
LEVELS = 3


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    label: str
    number: int


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    width: int
    height: int = HEIGHT
    bar_width: int = BAR

    @property
    def most(self) -> int:
        return max((bar.number for bar in self.bars), default=0)

    @property
    def first(self) -> Bar:
        return self.bars[0]

    @property
    def last(self) -> Bar:
        return self.bars[-1]


@dataclass(frozen=True)
class Mark:
    """What happened on one of the days: `at` is where its bar stands, in hundredths of the width.

    `level` is how many lines lower its number stands, so that it does not cover that of the mark before.
    """

    at: float
    day: date
    labels: tuple[str, ...]
    level: int = 0


def marks(days: Sequence[date], events: Iterable[tuple[date, str]]) -> list[Mark]:
    """Return a mark for each of the days of a chart, which follow one another, on which something happened.

    >>> new_year, next_day = date(2024, 1, 1), date(2024, 1, 2)
    >>> found = marks([new_year, next_day], [(next_day, "1,000"), (next_day, "Delivered"), (date(2025, 1, 1), "Later")])
    >>> [(mark.at, mark.day == next_day, mark.labels) for mark in found]
    [(75.0, True, ('1,000', 'Delivered'))]

    >>> half_a_year = [new_year + timedelta(days=day) for day in range(180)]
    >>> [mark.level for mark in marks(half_a_year, [(half_a_year[day], "") for day in (0, 2, 4, 6, 90)])]
    [0, 1, 2, 0, 0]
    """
    labels: dict[date, list[str]] = {}
    for day, label in events:
        labels.setdefault(day, []).append(label)
    found: list[Mark] = []
    for place, day in enumerate(days):
        if day in labels:
            at = round(100 * (place + 0.5) / len(days), 2)
            is_close = bool(found) and at - found[-1].at < NUMBER_WIDTH
            level = (found[-1].level + 1) % LEVELS if is_close else 0
            found.append(Mark(at, day, tuple(labels[day]), level))
    return found


def bars(numbers: Sequence[tuple[object, int]]) -> Chart:
    """Return a chart with one bar for each label; the highest reaches the top, and any number above zero is visible.

    >>> [bar.height for bar in bars([("a", 0), ("b", 1), ("c", 400)]).bars]
    [0, 1, 80]
    """
    most = max((number for _label, number in numbers), default=0) or 1
    heights = [max(HEIGHT * number // most, 1) if number > 0 else 0 for _label, number in numbers]
    figures = zip(numbers, heights, strict=True)
    found = [
        Bar(place * BAR_STEP, HEIGHT - high, high, str(label), n) for place, ((label, n), high) in enumerate(figures)
    ]
    return Chart(found, max(len(found) * BAR_STEP, 1))


def every_day(numbers: Sequence[tuple[date, int]], *, until: date, days: int) -> list[tuple[date, int]]:
    """Return a number for each of the last `days` days, in order; 0 for those that `numbers` does not name."""
    known = dict(numbers)
    shown = [until - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [(day, known.get(day, 0)) for day in shown]
