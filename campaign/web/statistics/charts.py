"""Compute bar charts, which templates draw as SVG next to a table of the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HEIGHT = 80
BAR_STEP = 12  # from one bar to the next
BAR = 9


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
    def first(self) -> Bar:
        return self.bars[0]

    @property
    def last(self) -> Bar:
        return self.bars[-1]


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
