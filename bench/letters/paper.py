"""`python -m bench.letters.paper`: prints milliseconds a letter, seconds and megabytes of a batch of a thousand."""

import json
import resource
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

from bench.report import Figure
from bench.stage import Stage
from campaign.standalone import places

SINGLE, BATCH = 100, 1000


def figures(stage: Stage) -> list[Figure]:
    command = [sys.executable, "-m", "bench.letters.paper"]
    done = subprocess.run(command, env=dict(stage.environment), cwd=places.ROOT, check=True, capture_output=True)
    found = json.loads(done.stdout)
    return [
        Figure("PDF of one letter", found["ms"], "ms", most=10),
        Figure(f"PDF of {BATCH:,} letters to one office", found["seconds"], "s", most=30),
        Figure("memory of the process that made it", found["megabytes"], "MB", most=300),
    ]


def measure() -> dict[str, float]:
    import django  # noqa: PLC0415  # only in the process of its own

    django.setup()
    from letters import printing  # noqa: PLC0415
    from letters.models import Office  # noqa: PLC0415
    from letters.rendering import render  # noqa: PLC0415
    from letters.senders import Sender  # noqa: PLC0415

    office = Office(name="A Senator", state="NM", party="X", postal_address="1 Hart Building, Washington, DC 20510")
    words = "\n\n".join(["As your constituent I ask you to support the aims of this resolution. " * 6] * 4)

    def letter(number: int) -> Any:
        sender = Sender("Ana", f"Núñez {number}", "ana@example.org", "1 Example St", "Santa Fe", "NM", "87501", "NM")
        message = render("Please", f"Dear Senator,\n\n{words}\n\nI am number {number}.", sender)
        return SimpleNamespace(
            letter=SimpleNamespace(office=office, message=message, constituent=SimpleNamespace(sender=sender))
        )

    printing.letter_pdf(letter(0))
    begun = time.perf_counter()
    for number in range(SINGLE):
        printing.letter_pdf(letter(number))
    single = time.perf_counter()
    printing.batch_pdf(office, [letter(number) for number in range(BATCH)])
    batch = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ms": (single - begun) / SINGLE * 1000, "seconds": batch - single, "megabytes": memory}


if __name__ == "__main__":
    print(json.dumps(measure()))
