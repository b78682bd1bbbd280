"""The PDF of a letter, and of a thousand letters to one office with their index."""

import json

from bench.report import Figure
from bench.stage import Stage

BATCH = 1000


def figures(stage: Stage) -> list[Figure]:
    found = json.loads(stage.output("bench.letters.typesetting"))
    return [
        Figure("PDF of one letter", found["ms"], "ms", most=10),
        Figure(f"PDF of {BATCH:,} letters to one office", found["seconds"], "s", most=30),
        Figure("memory of the process that made it", found["megabytes"], "MB", most=300),
    ]
