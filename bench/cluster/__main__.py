"""`python -m bench.cluster`: the site on many machines, one after another lost, and what became of every signature.

Exit code 1 if anything was lost, done twice, said untruly or never settled, or if nobody was served for longer than
promised.
"""

import argparse
import secrets
import shutil
import time
from pathlib import Path

from bench import machine, parts
from bench.chaos import report
from bench.cluster.cluster import cluster
from bench.cluster.drill import COLUMNS, ClusterDrill
from bench.cluster.faults import FAULTS

MOST_SHOWN = 20


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    names = list(FAULTS)
    parser.add_argument("--faults", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--rate", type=float, default=10.0, help="people who come in a second")
    parser.add_argument("--seed", type=int, help="of all chance; else a new one")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep what each process said there")
    return parser.parse_args()


def main() -> int:
    given = options()
    seed = secrets.randbelow(10_000) if given.seed is None else given.seed
    print(f"{machine.described()}\nseed {seed}, {given.rate:g} people a second", flush=True)
    began = time.monotonic()
    with cluster(seed) as on:
        print(f"up after {time.monotonic() - began:.0f} seconds", flush=True)
        drill = ClusterDrill(on, seed=seed)
        head = report.line([name for name, _width in COLUMNS], COLUMNS)
        print(head, flush=True)
        results = drill.run([FAULTS[name] for name in given.faults], given.rate)
        print("\nin the end\n" + head)
        for result in results:
            print(result.row() + ("" if result.is_good else "  !"))
            for finding in result.findings[:MOST_SHOWN]:
                print("\n        ".join([f"    {finding}", *drill.history(finding)]))
        span = results[-1].over_at - results[0].began_at
        signed = len({one for one, _confirmed_at in drill.visitors.finished})
        print(f"{signed} signed and confirmed in {span:.0f} seconds, {signed / span:.1f} a second")
        print(f"{len(drill.writers.acknowledged)} writes past HAProxy acknowledged")
        print(report.done(drill.ledger, drill.stack.mail.taken))
        if given.logs:
            given.logs.mkdir(parents=True, exist_ok=True)
            for log in on.home.log.glob("*.log"):
                shutil.copy(log, given.logs)
    verdict = "every promise held" if all(result.is_good for result in results) else "NOT every promise held"
    print(f"{verdict}: {len(results)} faults, seed {seed}, {time.monotonic() - began:.0f} seconds in all")
    return 0 if all(result.is_good for result in results) else 1


if __name__ == "__main__":
    parts.run(main)
