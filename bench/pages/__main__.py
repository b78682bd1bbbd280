"""`python -m bench.pages [--pages N] [--items N] [--subscribers N]`: starts everything, measures, prints, stops.

Exit code 1: an error, or a subscriber who got an issue twice or never. Whether an answer is fast enough is for the
reader to say.
"""

import argparse
import sys
from collections.abc import Callable

from bench import machine
from bench.pages import asking, newsletter
from bench.report import Figure, show
from bench.stage import Stage, stage
from campaign.standalone.interruption import Interrupted
from campaign.standalone.places import Trouble

PARTS: dict[str, Callable[[Stage, argparse.Namespace], list[Figure]]] = {
    "Answers, one at a time, nothing kept": lambda on, to: asking.figures(on, to.pages, to.items, to.seconds),
    "Newsletter, paused half-way": lambda on, to: newsletter.figures(on, to.subscribers),
}


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one (can be given again)")
    parser.add_argument("--pages", type=int, default=10_000, help="of content (10,000)")
    parser.add_argument("--items", type=int, default=5_000, help="of news (5,000)")
    parser.add_argument("--seconds", type=float, default=2, help="that each address is asked (2)")
    parser.add_argument("--subscribers", type=int, default=10_000, help="of the newsletter (10,000)")
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
