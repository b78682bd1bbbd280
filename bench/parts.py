"""Measuring part by part: what the commands below `bench/` share."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

from bench import machine
from bench.report import Figure, show
from bench.stage import Stage, stage
from standalone.paths import Trouble
from standalone.supervision.interruption import Interrupted

Parts = Mapping[str, Callable[[Stage, argparse.Namespace], list[Figure]]]


def parser(name: str, doc: str | None, parts: Parts) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog=f"python -m {name}", description=doc)
    made.add_argument("--part", action="append", choices=parts, help="only this one (can be given again)")
    return made


def measure(parts: Parts, options: argparse.Namespace) -> int:
    """On one stage, in order; the exit code: 1 if a figure is wrong, not if it is slow."""
    print(machine.described(), flush=True)
    with stage() as on:
        chosen = [title for title in parts if not options.part or title in options.part]
        figures = [figure for title in chosen for figure in show(title, parts[title](on, options))]
    return 1 if any(figure.most == 0 and not figure.is_met for figure in figures) else 0


def run(main: Callable[[], int]) -> NoReturn:
    try:
        sys.exit(main())
    except Interrupted:
        sys.exit(130)
    except Trouble as trouble:
        sys.exit(str(trouble))
