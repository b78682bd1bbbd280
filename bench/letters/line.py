"""A long line of letters that wait for a channel with a rate, and what it costs everybody."""

import json

from bench.letters.delivering import empty
from bench.report import Figure
from bench.stage import Stage

LENGTHS = (100_000, 300_000)
MOST = {"page": 250, "minute": 5000}


def figures(stage: Stage) -> list[Figure]:
    found: list[Figure] = []
    for length in LENGTHS:
        empty(stage)
        stage.run("bench.letters.lining_up", str(length))
        stage.execute("VACUUM ANALYZE")
        times = json.loads(stage.output("bench.letters.waiting"))
        found += [Figure(f"{name} ({length:,})", ms, "ms", most=most(name)) for name, ms in times.items()]
    return found


def most(name: str) -> float:
    """Milliseconds: a page of staff's and what runs once a minute may take longer."""
    return next((value for beginning, value in MOST.items() if name.startswith(beginning)), 50)
