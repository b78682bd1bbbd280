"""`python -m bench.within bench.letters.typesetting`: milliseconds a letter, seconds and megabytes of a batch, as JSON.

In a process of its own, as the memory is that of the process.
"""

import json
import resource
import time
from types import SimpleNamespace
from typing import Any

from bench.letters.paper import BATCH
from letters.delivery.paper import pdf as printing
from letters.models import Office, RecipientList
from letters.models.message import render
from letters.models.sender import Sender

SINGLE = 100
OFFICE = Office(
    recipient_list=RecipientList(name="United States Senate"),
    name="A Senator",
    area="NM",
    party="X",
    postal_address="1 Hart Building, Washington, DC 20510",
)
WORDS = "\n\n".join(["As your constituent I ask you to support the aims of this resolution. " * 6] * 4)


def letter(number: int) -> Any:
    sender = Sender("Ana", f"Núñez {number}", "ana@example.org", "1 Example St", "Santa Fe", "NM", "87501", "NM")
    message = render("Please", f"Dear Senator,\n\n{WORDS}\n\nI am number {number}.", sender)
    constituent = SimpleNamespace(sender=sender)
    return SimpleNamespace(letter=SimpleNamespace(office=OFFICE, message=message, constituent=constituent))


def measured() -> dict[str, float]:
    printing.letter_pdf(letter(0))
    begun = time.perf_counter()
    for number in range(SINGLE):
        printing.letter_pdf(letter(number))
    single = time.perf_counter()
    printing.batch_pdf(OFFICE, [letter(number) for number in range(BATCH)])
    batch = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ms": (single - begun) / SINGLE * 1000, "seconds": batch - single, "megabytes": memory}


if __name__ == "__main__":
    print(json.dumps(measured()))
