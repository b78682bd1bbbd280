"""What the Makefile calls: run, test, lock."""

import argparse
import sys

from campaign.standalone import lock, run, trial
from campaign.standalone.places import Trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m campaign.standalone")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="the whole site")
    commands.add_parser(
        "manage", help="manage.py beside `run`, with its database, Redis and keys; what follows goes to it"
    )
    commands.add_parser("test", help="pytest; what follows goes to it")
    commands.add_parser("lock", help="requirements.lock anew; what follows goes to uv")
    commands.add_parser("check-lock", help="is requirements.lock what pyproject.toml asks for?")
    known, rest = parser.parse_known_args()
    match known.command:
        case "run":
            return run.run()
        case "manage":
            return run.manage(rest)
        case "test":
            return trial.test(rest)
        case "lock":
            return lock.write(rest)
        case _:
            return lock.check()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(str(trouble))
