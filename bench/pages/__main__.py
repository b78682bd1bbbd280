"""`python -m bench.pages [--pages N] [--items N] [--subscribers N]`: starts everything, measures, prints, stops.

Exit code 1: an error, or a subscriber who got an issue twice or never. Whether an answer is fast enough is for the
reader to say.
"""

import argparse

from bench.pages import asking, newsletter
from bench.parts import Parts, measure, parser, run

PARTS: Parts = {
    "Answers, one at a time, nothing kept": lambda on, to: asking.figures(on, to.pages, to.items, to.seconds),
    "Newsletter, paused half-way": lambda on, to: newsletter.figures(on, to.subscribers),
}


def asked() -> argparse.Namespace:
    options = parser("bench.pages", __doc__, PARTS)
    options.add_argument("--pages", type=int, default=10_000, help="of content (10,000)")
    options.add_argument("--items", type=int, default=5_000, help="of news (5,000)")
    options.add_argument("--seconds", type=float, default=2, help="that each address is asked (2)")
    options.add_argument("--subscribers", type=int, default=10_000, help="of the newsletter (10,000)")
    return options.parse_args()


def main() -> int:
    return measure(PARTS, asked())


if __name__ == "__main__":
    run(main)
