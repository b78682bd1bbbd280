"""The table of a run: one line for each fault."""

from collections import Counter
from collections.abc import Sequence

from bench.chaos.drill import Result
from bench.chaos.evidence.checker import Sort
from bench.chaos.evidence.ledger import Answer, Ledger
from bench.chaos.mail_server import Taken

COLUMNS = (
    ("fault", 34),
    ("held", 6),
    ("asked", 6),
    ("yes", 5),
    ("no 5xx", 9),
    ("lost", 5),
    ("twice", 6),
    ("untrue", 7),
    ("stuck", 6),
    ("back", 6),
    ("settled", 8),
)


def head() -> str:
    return line([name for name, _width in COLUMNS])


def line(cells: Sequence[str], columns: Sequence[tuple[str, int]] = COLUMNS) -> str:
    first, *rest = zip(cells, (width for _name, width in columns), strict=False)
    return first[0].ljust(first[1]) + "".join(cell.rjust(width) for cell, width in rest)


def row(result: Result) -> str:
    if result.off_because:
        return f"{result.fault:<34}  off: {result.off_because}"
    share = 100 * result.answered / result.requests if result.requests else 100
    counts = [str(result.number(sort)) for sort in (Sort.LOST, Sort.TWICE, Sort.UNTRUE, Sort.STUCK)]
    times = [in_seconds(found) for found in (result.back_after, result.settled_after)]
    figures = [f"{result.seconds:.0f}", str(result.requests), str(result.acknowledged), f"{share:.1f} %"]
    return line([result.fault, *figures, *counts, *times])


def in_seconds(found: float | None) -> str:
    return "never" if found is None else f"{found:.1f}"


def done(ledger: Ledger, taken: Sequence[Taken]) -> str:
    """Say how much of what was acknowledged, and how many mails arrived, so that it is seen what a run was made of."""
    acts = Counter(str(act.kind) for act in ledger.acts if act.answer is Answer.YES)
    mails = Counter(mail.kind for mail in taken)
    lists = [", ".join(f"{number} {name}" for name, number in found.most_common()) for found in (acts, mails)]
    return f"acknowledged: {lists[0]}\narrived: {lists[1]}"


def summary(results: Sequence[Result], seed: int) -> str:
    ran = [result for result in results if not result.off_because]
    sums = ", ".join(f"{sum(result.number(sort) for result in ran)} {sort}" for sort in Sort)
    verdict = "every invariant held" if all(result.is_good for result in ran) else "NOT every invariant held"
    number = sum(result.fault.count(" + ") + 1 for result in ran)
    return f"{verdict}: {number} faults, seed {seed}; {sums}"
