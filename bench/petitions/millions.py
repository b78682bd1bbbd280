"""`python -m bench.petitions.millions [--sizes 0 10 50]`: one table that grows, in millions of signatures.

At each size everything is measured that a signature, a visitor or staff wait for, and what the table asks of the disk
and of VACUUM. PostgreSQL has its defaults, 128 MB of buffers among them; the rest is the system's cache.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bench import machine
from bench.parts import run
from bench.petitions import chain, desk, signing
from bench.report import Figure, show
from bench.stage import Stage, stage

SLUG = "end-forced-organ-harvesting"
PATH = f"/petitions/{SLUG}/"
MILLION = 1_000_000
SLICE = 2 * MILLION
STARTS = ("SET maintenance_work_mem = '2GB'", "SET session_replication_role = replica")  # no look-up for each key
INDEXES = """
    SELECT 'DROP INDEX ' || indexname, indexdef FROM pg_indexes WHERE tablename = 'petitions_signature'
    AND indexname NOT IN (SELECT conname FROM pg_constraint)
    UNION ALL
    SELECT 'ALTER TABLE petitions_signature DROP CONSTRAINT ' || conname,
        'ALTER TABLE petitions_signature ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid = 'petitions_signature'::regclass AND contype = 'u'
"""
SIZES = """
    SELECT 'rows and their boxes', pg_table_size('petitions_signature')
    UNION ALL
    SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index
    WHERE indrelid = 'petitions_signature'::regclass ORDER BY 2 DESC
"""
# One in a hundred, spread over the whole table, as those who confirm or withdraw are.
CHANGE = "UPDATE petitions_signature SET signed_on = signed_on - 1 WHERE id % 100 = 7"


@contextmanager
def no_indexes(on: Stage) -> Iterator[None]:
    """Built at once they take minutes, row by row hours."""
    pairs = on.rows(INDEXES)
    on.execute(*(drop for drop, _make in pairs))
    yield
    for _drop, make in pairs:
        began = time.perf_counter()
        on.execute(*STARTS, make)
        print(f"{make[:90]}… in {time.perf_counter() - began:.0f} s", flush=True)


def grow(on: Stage, present: int, size: int) -> None:
    """The numbers from `present` on; what was signed meanwhile has others."""
    with no_indexes(on):
        for first in range(present + 1, size + 1, SLICE):
            last = min(first + SLICE - 1, size)
            on.execute(*STARTS, desk.SIGNATURES.format(first=first, last=last))
            print(f"{last:,} signatures", flush=True)
    on.execute("VACUUM (ANALYZE) petitions_signature", "CHECKPOINT")


def measured(on: Stage, size: int, options: argparse.Namespace) -> None:
    on.execute("DELETE FROM outbox_item")
    show("Counting", [took(on, "recount"), took(on, "recount", "--check")])
    show("Signing", signed(on, str(size), options.seconds))
    show("Chain", chain.walked(on, PATH, rate=options.rate, seconds=options.chain_seconds, seed=str(size)))
    show("Handing over", handed_over(on))
    show("Bytes", [Figure(name, size / 1e6, "MB") for name, size in on.rows(SIZES)])
    show("VACUUM", vacuumed(on))
    print("\nPages, nothing kept", flush=True)
    replace(on, environment={**on.environment, "KEEP_SECONDS": "0"}).run("bench.petitions.desk_pages")


def took(on: Stage, *command: str) -> Figure:
    seconds, _megabytes = on.measured("manage.py", *command)
    return Figure(f"`{' '.join(command)}`, its start included", seconds, "s")


def signed(on: Stage, seed: str, seconds: float) -> list[Figure]:
    before = on.value(signing.ROWS)
    with on.web() as port:
        warm = signing.post_all(on, port, PATH, f"warm{seed}", signing.WARM_UP)
        load = signing.post_all(on, port, PATH, f"signed{seed}", seconds)
    return signing.figures(load, len(warm.times) + len(load.times) - (on.value(signing.ROWS) - before))


def handed_over(on: Stage) -> list[Figure]:
    parcel, number = on.home.log / "parcel", on.value(f"{signing.ROWS} WHERE state = 'confirmed'")
    seconds, megabytes = on.measured("manage.py", "export_signatures", SLUG, "--output", str(parcel))
    parcel.unlink()
    return [
        Figure("signatures handed over", number),
        Figure("`export_signatures`", seconds, "s"),
        Figure("of these in a second", number / seconds, "/s"),
        Figure("memory of the export", megabytes, "MB", most=300),
    ]


def vacuumed(on: Stage) -> list[Figure]:
    """Of what one hundredth of the rows left behind when they changed, which is when autovacuum begins."""
    on.execute(CHANGE)
    began = time.perf_counter()
    on.execute("VACUUM petitions_signature")
    return [Figure("after one row in a hundred has changed", time.perf_counter() - began, "s")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.petitions.millions", description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[0, 10, 50], help="in millions, growing (0 10 50)")
    parser.add_argument("--seconds", type=float, default=8, help="that people sign (8)")
    parser.add_argument("--rate", type=float, default=50, help="signers a second in the chain (50)")
    parser.add_argument("--chain-seconds", type=float, default=15, help="that they sign there (15)")
    options = parser.parse_args()
    print(machine.described(), flush=True)
    with stage() as on:
        on.execute("ALTER SYSTEM SET max_wal_size = '8GB'", "SELECT pg_reload_conf()", desk.CONSENT, desk.BATCHES)
        present = 0
        for size in (int(millions * MILLION) for millions in options.sizes):
            grow(on, present, size)
            present = size
            print(f"\n# {size:,} signatures", flush=True)
            measured(on, size, options)
    return 0


if __name__ == "__main__":
    run(main)
