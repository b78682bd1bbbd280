"""`python -m bench.letters [--letters N]`: starts everything, measures part by part, prints, stops everything.

Exit code 1: a letter lost or sent twice. Whether a rate is good enough is for the reader to say.
"""

import argparse

from bench.letters import changeover, delivering, line, paper, senate
from bench.parts import Parts, measure, parser, run

PARTS: Parts = {
    "Paper": lambda on, to: paper.figures(on),
    "Sandbox": lambda on, to: delivering.to_sandbox(on, to.letters),
    "Mail server": lambda on, to: delivering.to_mail_server(on, to.mails),
    "Senate": lambda on, to: senate.figures(on, to.seconds),
    "Line": lambda on, to: line.figures(on),
    "Changeover": lambda on, to: changeover.figures(on, to.changing),
}


def asked() -> argparse.Namespace:
    options = parser("bench.letters", __doc__, PARTS)
    options.add_argument("--letters", type=int, default=20_000, help="to the sandbox (20,000)")
    options.add_argument("--mails", type=int, default=5_000, help="to the mail server (5,000)")
    options.add_argument("--changing", type=int, default=5_000, help="letters when a new Congress sits (5,000)")
    options.add_argument("--seconds", type=float, default=30, help="of letters to the Senate's system (30)")
    return options.parse_args()


def main() -> int:
    return measure(PARTS, asked())


if __name__ == "__main__":
    run(main)
