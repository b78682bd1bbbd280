"""`python -m bench.petitions [--seconds N]`: starts everything, measures part by part, prints, stops everything.

Exit code 1: an error, an answer without a row, or a count that differs from the rows. Whether a rate is good enough is
for the reader to say.
"""

import argparse
import sys
from collections.abc import Callable

from bench import machine
from bench.petitions import chain, pages, signing, statements, storage
from bench.report import Figure, show
from bench.stage import Stage, stage
from campaign.standalone.interruption import Interrupted
from campaign.standalone.places import Trouble

SLUG = "end-forced-organ-harvesting"
PATH = f"/petitions/{SLUG}/"
PAGES = {"petition page": PATH, "statistics page": f"{PATH}statistics/"}


# In this order: ten millions come last, as they are tallies without rows, which `recount` would find.
PARTS: dict[str, Callable[[Stage, argparse.Namespace], list[Figure]]] = {
    "Pages, no signature": lambda on, to: pages.rates(on, PAGES, to.seconds),
    "Signing": lambda on, to: signing.beside_smallest(on, PATH, to.seconds),
    "Signing while mails go out": lambda on, to: signing.beside_mail(on, PATH, to.seconds),
    "Chain": lambda on, to: chain.walked(on, PATH, rate=to.rate, seconds=to.chain_seconds),
    "Counts": lambda on, to: [Figure("`recount --check`: exit code", on.manage("recount", "--check"), most=0)],
    "Alone": lambda on, to: [*statements.in_pgbench(on, SLUG, to.seconds), *statements.sealing(int(4000 * to.seconds))],
    "Storage": lambda on, to: storage.bytes_each(on, to.rows),
    "Pages, ten million signatures": lambda on, to: pages.rates_of_millions(on, SLUG, PAGES, to.seconds),
    "Freshness": lambda on, to: [pages.seconds_until_fresh(on, PATH, SLUG)],
}


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.petitions", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one (can be given again)")
    parser.add_argument("--seconds", type=float, default=8, help="that each rate is measured (8)")
    parser.add_argument("--chain-seconds", type=float, default=60, help="that people sign in the chain (60)")
    parser.add_argument("--rate", type=float, default=chain.RATE, help=f"signers a second in the chain ({chain.RATE})")
    parser.add_argument("--rows", type=int, default=200_000, help="signatures whose size is measured (200,000)")
    return parser.parse_args()


def main() -> int:
    options = asked()
    print(machine.described(), flush=True)
    with stage() as on:
        chosen = [title for title in PARTS if not options.part or title in options.part]
        figures = [figure for title in chosen for figure in show(title, PARTS[title](on, options))]
    wrong = [figure for figure in figures if figure.most == 0 and not figure.is_met]
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Interrupted:
        sys.exit(130)
    except Trouble as trouble:
        sys.exit(str(trouble))
