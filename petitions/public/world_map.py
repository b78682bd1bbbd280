"""The world map of the statistics page, one shape for each country (petitions/public/world.json names their source)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from campaign.web.statistics.disclosure_control import Row, shade


@dataclass(frozen=True)
class Shape:
    path: str
    shade: int  # as disclosure_control.shade returns it
    label: str


@cache
def paths() -> dict[str, str]:
    file = Path(__file__).with_name("world.json")
    found: dict[str, str] = json.loads(file.read_text())["paths"]
    return found


def shapes(rows: Iterable[Row]) -> list[Shape]:
    counts = {row.code: row for row in rows if row.count}
    most = max((row.count or 0 for row in counts.values()), default=0)
    return [
        Shape(path, shade(counts[code].count or 0, most), f"{counts[code].name}: {counts[code].count}")
        if code in counts
        else Shape(path, 0, "")
        for code, path in paths().items()
    ]
