"""`python -m bench.letters [--letters N]`: starts everything, measures part by part, prints, stops everything.

Exit code 1: a letter lost or sent twice. Whether a rate is good enough is for the reader to say.
"""

import argparse
import sys
from collections.abc import Callable

from bench import machine
from bench.letters import chaos, delivering, paper, senate, telling
from bench.report import Figure, show
from bench.stage import Stage, stage
from campaign.standalone.interruption import Interrupted
from campaign.standalone.places import Trouble

PARTS: dict[str, Callable[[Stage, argparse.Namespace], list[Figure]]] = {
    "Paper": lambda on, to: paper.figures(on),
    "Sandbox": lambda on, to: delivering.to_sandbox(on, to.letters),
    "Mail server": lambda on, to: delivering.to_mail_server(on, to.mails),
    "Senate's system": lambda on, to: senate.figures(on, to.seconds),
    "Telling": lambda on, to: telling.figures(on),
    "Chaos": lambda on, to: chaos.figures(on, to.chaos),
}


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.letters", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one (can be given again)")
    parser.add_argument("--letters", type=int, default=20_000, help="to the sandbox (20,000)")
    parser.add_argument("--mails", type=int, default=5_000, help="to the mail server (5,000)")
    parser.add_argument("--seconds", type=float, default=30, help="of letters to the Senate's system (30)")
    parser.add_argument("--chaos", type=int, default=2_000, help="while workers are killed (2,000)")
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
