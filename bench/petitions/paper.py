"""`python -m bench.petitions.paper [--rows N]`: a million rows from paper, loaded, handed over, unsealed, taken back.

Each part goes on with what those before it left.
"""

import json
import time
from pathlib import Path

import psycopg

from bench.parts import Parts, measure, parser, run
from bench.petitions import paper_rows
from bench.petitions.statements import PROCESSES, sealing_rate
from bench.report import Figure
from bench.stage import Stage
from campaign.secrecy.keypairs import new_keypair

SLUG = "end-forced-organ-harvesting"
MEGABYTES = 300
TOLD = ["--petition", SLUG, "--collector", "bench", "--place", "bench", "--date", "2026-01-01"]
KEY = """
    WITH fresh AS (
        INSERT INTO petitions_petitionkey (petition_id, public_key, note)
        SELECT id, '{public}', '' FROM petitions_petition WHERE slug = '{slug}' RETURNING id, petition_id
    )
    UPDATE petitions_petition p SET active_key_id = fresh.id FROM fresh WHERE p.id = fresh.petition_id
"""


def file_of(on: Stage, name: str) -> Path:
    return on.home.log / name


def load(on: Stage, rows: int) -> list[Figure]:
    """By command; sealing is measured before and after, as other work on the machine comes and goes."""
    pair, file = new_keypair(), file_of(on, "rows.csv")
    file_of(on, "private.key").write_text(pair.private)
    on.execute(KEY.format(public=pair.public, slug=SLUG))
    paper_rows.write(file, rows)
    before = sealing_rate(rows // 4)
    seconds, megabytes = on.measured("manage.py", "import_signatures", str(file), *TOLD)
    alone = (before + sealing_rate(rows // 4)) / 2
    return [
        Figure(f"sealing alone, in {PROCESSES} processes", alone, "/s"),
        Figure("import by command", rows / seconds, "/s"),
        Figure("time of the import / time of sealing", alone * seconds / rows, most=1.5),
        Figure("memory of the import", megabytes, "MB", most=MEGABYTES),
    ]


def hand_over(on: Stage, rows: int) -> list[Figure]:
    """Beside COPY of the same rows, in turn."""
    parcel = file_of(on, "parcel")
    copied, exported, megabytes = [], [], 0.0
    for _ in range(3):
        copied.append(copy_rate(on, rows))
        parcel.unlink(missing_ok=True)
        seconds, megabytes = on.measured("manage.py", "export_signatures", SLUG, "--output", str(parcel))
        exported.append(rows / seconds)
    return [
        Figure("COPY of the same rows", max(copied), "/s"),
        Figure("export, with the command's start", max(exported), "/s"),
        Figure("export / COPY", max(exported) / max(copied), least=1 / 3),
        Figure("memory of the export", megabytes, "MB", most=MEGABYTES),
    ]


def copy_rate(on: Stage, rows: int) -> float:
    """As blocks that nobody looks at."""
    began = time.perf_counter()
    with (
        psycopg.connect(on.environment["DATABASE_URL"]) as connection,
        connection.cursor() as cursor,
        cursor.copy("COPY petitions_signature TO STDOUT") as copying,
    ):
        while copying.read():
            pass
    return rows / (time.perf_counter() - began)


def unseal(on: Stage, rows: int) -> list[Figure]:
    parcel, key, table = (str(file_of(on, name)) for name in ("parcel", "private.key", "names.csv"))
    seconds, megabytes = on.measured("manage.py", "unseal", parcel, "--key", key, "--csv", table)
    return [
        Figure("unsealing to a table", rows / seconds, "/s"),
        Figure("memory of unsealing", megabytes, "MB", most=MEGABYTES),
    ]


def job(on: Stage, act: str) -> list[Figure]:
    figures = json.loads(on.output("bench.petitions.paper_jobs", act, str(file_of(on, "rows.csv"))))
    megabytes = figures.pop("megabytes")
    return [
        *(Figure(name, value) for name, value in figures.items()),
        Figure("memory", megabytes, "MB", most=MEGABYTES),
        *counts(on),
    ]


def counts(on: Stage) -> list[Figure]:
    """Tallies and waiting events together are right at once; here nothing adds the events up."""
    return [Figure("`recount --check`: exit code", on.manage("recount", "--check"), most=0)]


PARTS: Parts = {
    "Import": lambda on, to: load(on, to.rows),
    "Export": lambda on, to: hand_over(on, to.rows),
    "Unsealing": lambda on, to: unseal(on, to.rows),
    "Taking back": lambda on, _to: job(on, "undo"),
    "Upload": lambda on, _to: job(on, "upload"),
}


def main() -> int:
    options = parser("bench.petitions.paper", __doc__, PARTS)
    options.add_argument("--rows", type=int, default=1_000_000, help="in the file (1,000,000)")
    return measure(PARTS, options.parse_args())


if __name__ == "__main__":
    run(main)
