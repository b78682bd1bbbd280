"""What the Makefile calls: run, dev, manage, test, restore-drill, lock, messages."""

import argparse
import sys

from standalone import lock, messages, restore_drill, run, test_runner
from standalone.paths import Trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m standalone")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="the whole site")
    commands.add_parser("dev", help="the whole site, with reload and DEBUG")
    commands.add_parser(
        "manage", help="manage.py beside `run`, with its database, Redis and keys; what follows goes to it"
    )
    commands.add_parser("test", help="pytest; what follows goes to it")
    commands.add_parser("restore-drill", help="is a backup a site again?")
    commands.add_parser("lock", help="requirements.lock anew; what follows goes to uv")
    commands.add_parser("check-lock", help="is requirements.lock what pyproject.toml asks for?")
    commands.add_parser("messages", help="texts for translators collected and compiled")
    known, rest = parser.parse_known_args()
    match known.command:
        case "run":
            return run.run()
        case "dev":
            return run.run(is_dev=True)
        case "manage":
            return run.manage(rest)
        case "test":
            return test_runner.test(rest)
        case "restore-drill":
            return restore_drill.drill(rest)
        case "lock":
            return lock.write(rest)
        case "messages":
            return messages.collect_and_compile()
        case _:
            return lock.check()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(str(trouble))
