"""`python -m bench.petitions [--seconds N]`: starts everything, measures part by part, prints, stops everything.

Exit code 1: an error, an answer without a row, or a count that differs from the rows. Whether a rate is good enough is
for the reader to say.
"""

import argparse
import sys

from bench import machine
from bench.petitions import chain, pages, signing, statements, storage
from bench.report import Figure, show
from bench.stage import Stage, stage
from campaign.standalone.interruption import Interrupted
from campaign.standalone.places import Trouble

SLUG = "end-forced-organ-harvesting"
PATH = f"/petitions/{SLUG}/"
PAGES = {"petition page": PATH, "statistics page": f"{PATH}statistics/"}


def measured(on: Stage, options: argparse.Namespace) -> list[Figure]:
    """Ten millions come last: they are tallies without rows, which `recount` would find."""
    seconds = options.seconds
    return [
        *show("Pages, no signature", pages.rates(on, PAGES, seconds)),
        *show("Signing", signing.beside_smallest(on, PATH, seconds)),
        *show("Signing while the mails go out", signing.beside_mail(on, PATH, seconds)),
        *show("The chain", chain.walked(on, PATH, rate=options.rate, seconds=options.chain_seconds)),
        *show("Counting", [Figure("`recount --check`: exit code", on.manage("recount", "--check"), most=0)]),
        *show("Alone", [*statements.in_pgbench(on, SLUG, seconds), *statements.sealing(int(4000 * seconds))]),
        *show("Storage", storage.bytes_each(on, options.rows)),
        *show("Pages, ten million signatures", pages.rates_of_millions(on, SLUG, PAGES, seconds)),
        *show("Freshness", [pages.seconds_until_fresh(on, PATH, SLUG)]),
    ]


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.petitions", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="that each rate is measured (8)")
    parser.add_argument("--chain-seconds", type=float, default=60, help="that people sign in the chain (60)")
    parser.add_argument("--rate", type=float, default=chain.RATE, help=f"signers a second in the chain ({chain.RATE})")
    parser.add_argument("--rows", type=int, default=200_000, help="signatures whose size is measured (200,000)")
    return parser.parse_args()


def main() -> int:
    options = asked()
    print(machine.described(), flush=True)
    with stage() as on:
        figures = measured(on, options)
    wrong = [figure for figure in figures if figure.most == 0 and not figure.is_met]
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Interrupted:
        sys.exit(130)
    except Trouble as trouble:
        sys.exit(str(trouble))
