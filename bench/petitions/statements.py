"""What signing asks of the database, alone, in pgbench; and sealing, alone."""

import re
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.report import Figure
from bench.stage import Stage
from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import seal
from standalone.servers import postgres_versions

CLIENTS = 16  # as many connections as the application server has threads
PROCESSES = 2


def in_pgbench(stage: Stage, slug: str, seconds: float) -> list[Figure]:
    """Nothing on a machine whose PostgreSQL came without pgbench."""
    program = postgres_versions.choose(stage.home, {}).folder / "pgbench"
    if not program.exists():
        return []
    with tempfile.TemporaryDirectory() as folder:
        stage.run("bench.petitions.catching", slug, folder)
        done = subprocess.run(
            command(program, Path(folder), stage, seconds), capture_output=True, text=True, check=True
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    return [Figure("the statements of signing, in pgbench", float(found[1]) if found else 0, "/s")]


def command(program: Path, folder: Path, stage: Stage, seconds: float) -> list[str]:
    options = [
        "--no-vacuum",
        f"--time={max(int(seconds), 1)}",
        f"--client={CLIENTS}",
        "--jobs=2",
        "--protocol=prepared",
    ]
    scripts = [f"--file={script}" for script in sorted(folder.iterdir())]
    return [str(program), *options, *scripts, stage.environment["DATABASE_URL"]]


def sealing(number: int) -> list[Figure]:
    return [Figure(f"sealing alone, in {PROCESSES} processes", sealing_rate(number), "/s")]


def sealing_rate(number: int) -> float:
    """Sealed boxes, one for each signature as online, a second on as many cores as there are processes."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(seal_many, [10] * PROCESSES))  # they are up
        begun_at = time.perf_counter()
        done = sum(pool.map(seal_many, [number // PROCESSES] * PROCESSES))
        return done / (time.perf_counter() - begun_at)


def seal_many(number: int) -> int:
    key = new_keypair().public
    for _ in range(number):
        seal({"name": "Áná Example Maier", "email": "ana.maier@mail.example.org"}, key)
    return number
