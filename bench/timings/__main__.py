"""`python -m bench.timings [--requests N] [--door NAME]`: starts everything, asks at each door, prints, stops.

Exit code 1: an answer that differs by what is known of an address. Times are for the reader to judge: of twenty
comparisons of what is the same, one has a p below 0.05 by chance.
"""

import argparse
import sys
from collections.abc import Iterator

from bench import machine
from bench.parts import run
from bench.stage import HOST, Stage, stage
from bench.timings import compare
from bench.timings.compare import Row
from bench.timings.doors import DOORS


def asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m bench.timings", description=__doc__)
    options.add_argument("--requests", type=int, default=300, help="for each door and state (300)")
    options.add_argument("--door", action="append", choices=DOORS, help="only this one (can be given again)")
    return options.parse_args()


def rows(on: Stage, options: argparse.Namespace) -> Iterator[Row]:
    people = compare.people_from(on.output("bench.timings.known", str(options.requests)))
    chosen = {door: known for door, known in people.items() if not options.door or door in options.door}
    with on.web() as port:
        yield from compare.rows(f"http://{HOST}:{port}", chosen, on.execute)


def main() -> int:
    options = asked()
    print(machine.described(), flush=True)
    different: list[str] = []
    with stage() as on:
        for row in rows(on, options):
            print(row, flush=True)
            different += row.differences
    for answer in different:
        print(f"\n{answer}", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    run(main)
