"""What the Makefile calls: run, dev, manage, test, restore-drill, lock, check-lock, sbom, audit, messages."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial

from standalone import inventory, lock, messages, restore_drill, run, test_runner
from standalone.paths import Trouble

# Each with what it is for, and what is called with the arguments that follow it.
COMMANDS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "run": ("the whole site", lambda _rest: run.run()),
    "dev": ("the whole site, with reload and DEBUG", lambda _rest: run.run(is_dev=True)),
    "manage": ("manage.py beside `run`, with its database, Redis and keys; what follows goes to it", run.manage),
    "test": ("pytest; what follows goes to it", test_runner.test),
    "restore-drill": ("is a backup a site again?", restore_drill.drill),
    "lock": ("requirements.lock anew; what follows goes to uv", lock.write),
    "check-lock": ("is requirements.lock what pyproject.toml asks for?", lambda _rest: lock.check()),
    "sbom": ("what a server runs of others' work, and its licences", lambda _rest: inventory.write()),
    "audit": ("what is known against it", lambda _rest: inventory.audit()),
    "messages": ("texts for translators collected and compiled", lambda _rest: messages.collect_and_compile()),
}


def command(arguments: Sequence[str]) -> Callable[[], int]:
    parser = argparse.ArgumentParser(prog="python -m standalone")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (purpose, _call) in COMMANDS.items():
        commands.add_parser(name, help=purpose)
    known, rest = parser.parse_known_args(arguments)
    return partial(COMMANDS[known.command][1], rest)


def main() -> int:
    return command(sys.argv[1:])()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(str(trouble))
