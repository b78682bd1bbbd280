"""`make chaos ARGS="--seconds N --seed S"`: faults under load, and what became of every act.

Exit code 1 if anything was lost, done twice, said untruly or never settled; not if something was slow.
"""

import argparse
import random
import secrets
import time
from collections.abc import Iterator

from bench import machine, parts
from bench.chaos import report
from bench.chaos.drill import Drill, Result
from bench.chaos.faults import FAULTS
from bench.chaos.faults.base import Fault
from bench.chaos.stack import stack

MOST_SHOWN = 20


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, help="go on with faults for so long; else each once")
    parser.add_argument("--seed", type=int, help="of the order of faults and all chance; else a new one")
    names = list(FAULTS)
    parser.add_argument("--faults", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--rate", type=float, default=4.0, help="people who come in a second")
    parser.add_argument("--together", type=int, default=1, help="so many faults at once")
    return parser.parse_args()


def main() -> int:
    given = options()
    seed = secrets.randbelow(10_000) if given.seed is None else given.seed
    print(f"{machine.described()}\nseed {seed}, {given.rate:g} people a second", flush=True)
    kinds = [FAULTS[name] for name in given.faults]
    results: list[Result] = []
    with stack(seed, wants_small_disk=any(kind.needs_small_disk for kind in kinds)) as on:
        drill = Drill(on, seed=seed, rate=given.rate)
        print(report.head(), flush=True)
        ends_at = None if given.seconds is None else time.monotonic() + given.seconds
        for chosen in schedule(kinds, random.Random(seed), given.together, is_endless=ends_at is not None):
            if ends_at is not None and time.monotonic() > ends_at:
                break
            results.append(result := drill.run(chosen))
            print(report.row(result), flush=True)
            for finding in result.findings[:MOST_SHOWN]:
                print("\n        ".join([f"    {finding}", *drill.history(finding)]), flush=True)
        done = report.done(drill.ledger, drill.evidence().taken)
    print(done)
    print(report.summary(results, seed))
    return 0 if all(result.is_good for result in results) else 1


def schedule(
    kinds: list[type[Fault]], chance: random.Random, together: int, *, is_endless: bool
) -> Iterator[list[type[Fault]]]:
    """Yield which faults come next: all of them in an order of chance, again and again if that is wanted."""
    while True:
        order = chance.sample(kinds, len(kinds))
        for start in range(0, len(order), together):
            yield order[start : start + together]
        if not is_endless:
            return


if __name__ == "__main__":
    parts.run(main)
