"""`python -m bench.petitions [--seconds N]`: starts everything, measures part by part, prints, stops everything.

Exit code 1: an error, an answer without a row, or a count that differs from the rows. Whether a rate is good enough is
for the reader to say.
"""

import argparse

from bench.parts import Parts, measure, parser, run
from bench.petitions import chain, pages, signing, statements, storage
from bench.report import Figure

SLUG = "end-forced-organ-harvesting"
PATH = f"/petitions/{SLUG}/"
PAGES = {"petition page": PATH, "statistics page": f"{PATH}statistics/"}


# In this order: ten millions come last, as they are tallies without rows, which `recount` would find.
PARTS: Parts = {
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
    options = parser("bench.petitions", __doc__, PARTS)
    options.add_argument("--seconds", type=float, default=8, help="that each rate is measured (8)")
    options.add_argument("--chain-seconds", type=float, default=60, help="that people sign in the chain (60)")
    options.add_argument("--rate", type=float, default=chain.RATE, help=f"signers a second in the chain ({chain.RATE})")
    options.add_argument("--rows", type=int, default=200_000, help="signatures whose size is measured (200,000)")
    return options.parse_args()


def main() -> int:
    return measure(PARTS, asked())


if __name__ == "__main__":
    run(main)
