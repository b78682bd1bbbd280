"""`python -m bench.chaos.upgrade COMMIT [--rate N]`: people use the release COMMIT while it becomes this one.

As docs/deploy.md says: the new code migrates and collects its files while the old serves, the old goes on for a while
on the new tables, then workers, relay and scheduler are started anew, and web last. Exit code 1 if anybody got a 5xx,
or if anything was lost, done twice, said untruly or never settled. COMMIT is checked out into a folder of its own,
with its own packages, and both are gone afterwards.
"""

import argparse
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import machine, parts
from bench.chaos import report
from bench.chaos.drill import Drill
from bench.chaos.faults.base import Fault
from bench.chaos.stack import stack
from standalone import paths

TOGETHER = 15.0  # seconds for which the old code serves on the new tables


class Upgrade(Fault):
    name = "upgrade"
    seconds = (TOGETHER, TOGETHER)

    def inject(self) -> None:
        began = time.monotonic()
        self.stack.release = paths.ROOT
        self.stack.manage("migrate")
        self.stack.manage("collectstatic", "--noinput")
        print(f"migrated, files collected: {time.monotonic() - began:.0f} s", flush=True)

    def heal(self) -> None:
        fresh = self.stack.new_processes()
        for name in [*(name for name in fresh if name != "web"), "web"]:
            self.stack.processes[name].stop()
            self.stack.processes[name] = fresh[name]
            fresh[name].start()
        self.stack.wait_until(self.stack.answers, seconds=60)


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """The folder of that release, with its packages."""
    with tempfile.TemporaryDirectory(prefix="campaign-release-") as folder:
        place = Path(folder) / "site"
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", place, commit], cwd=paths.ROOT, check=True)
        try:
            subprocess.run(["make", ".ready"], cwd=place, check=True, stdout=subprocess.DEVNULL)
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=paths.ROOT, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos.upgrade", description=__doc__)
    parser.add_argument("commit", help="the release before: a tag or a commit of this repository")
    parser.add_argument("--rate", type=float, default=4.0, help="people who come in a second (4)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{machine.described()}\nfrom {given.commit}, {given.rate:g} people a second", flush=True)
    with checkout(given.commit) as release, stack(given.seed, release=release) as on:
        drill = Drill(on, seed=given.seed, rate=given.rate)
        result = drill.run([Upgrade])
        statuses = Counter(request.status for request in drill.ledger.requests)
        print(report.head(), report.row(result), report.done(drill.ledger, drill.evidence().taken), sep="\n")
        for finding in result.findings:
            print("\n        ".join([f"    {finding}", *drill.history(finding)]), flush=True)
    print("answers: " + ", ".join(f"{status or 'none'}: {number:,}" for status, number in sorted(statuses.items())))
    errors = sum(number for status, number in statuses.items() if status >= 500)
    return 0 if result.is_good and not errors else 1


if __name__ == "__main__":
    parts.run(main)
