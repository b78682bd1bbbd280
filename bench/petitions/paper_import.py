"""Importing paper rows, beside sealing alone: `python -m bench.petitions.paper_import [ROWS]`.

Uses the database of DATABASE_URL, in a petition of its own that is taken away again. One row in a hundred is faulty.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import django

from campaign.supporters.sealing import new_keypair, seal

SLUG = "bench-paper-import"
PROCESSES = 2
LIMIT_SECONDS, LIMIT_MEGABYTES = 1.5, 300


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        write(file, rows)
        before = sealing_alone(rows // 4)
        prepare()
        try:
            began = time.perf_counter()
            subprocess.run(command(file), check=True, stderr=subprocess.DEVNULL)
            took = time.perf_counter() - began
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            alone = (
                before + sealing_alone(rows // 4)
            ) * 2  # before and after, as other work on the machine comes and goes
            tell(rows, alone, took, megabytes)
        finally:
            clear()


def write(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.write("name,email,address,postcode,city,country\n")
        for number in range(rows):
            email = f"person.{number}@mail{number % 500}.example.org" if number % 2 else ""
            country = "??" if number % 100 == 50 else "DE"
            lines.write(f'Áná {number} Maier,{email},"Main street {number}",{number % 99999:05},Berlin,{country}\n')


def seal_many(public_key: str, numbers: range) -> None:
    for number in numbers:
        seal({"name": f"Áná {number} Maier", "address": f"Main street {number}, 12345, Berlin"}, public_key)


def sealing_alone(rows: int) -> float:
    """Seconds that sealing takes on all cores, with nothing else to do."""
    public_key = new_keypair().public
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(seal_many, [public_key] * PROCESSES, [range(1)] * PROCESSES))
        began = time.perf_counter()
        shares = [range(start, rows, PROCESSES) for start in range(PROCESSES)]
        list(pool.map(seal_many, [public_key] * PROCESSES, shares))
        return time.perf_counter() - began


def command(file: Path) -> list[str]:
    told = ["--petition", SLUG, "--collector", "bench", "--place", "bench", "--date", "2026-01-01"]
    return [sys.executable, "manage.py", "import_signatures", str(file), *told]


def prepare() -> None:
    django.setup()
    from petitions.models import Petition, PetitionKey, PetitionText  # noqa: PLC0415  # after setup

    clear()
    petition = Petition.objects.create(slug=SLUG, asked_by="bench")
    PetitionText.objects.create(petition=petition, addressee="bench", title="bench", summary="bench", body="bench")
    petition.active_key = PetitionKey.objects.create(petition=petition, public_key=new_keypair().public)
    petition.save()


def clear() -> None:
    from petitions.models import PaperBatch, Petition, Signature  # noqa: PLC0415

    signatures = Signature.objects.filter(petition__slug=SLUG)
    signatures._raw_delete(signatures.db)  # noqa: SLF001  # a million rows, and nothing hangs on them
    PaperBatch.objects.filter(petition__slug=SLUG).delete()
    Petition.objects.filter(slug=SLUG).update(active_key=None)
    Petition.objects.filter(slug=SLUG).delete()


def tell(rows: int, alone: float, took: float, megabytes: float) -> None:
    print(f"sealing alone   {alone:7.1f} s  {rows / alone:8,.0f} rows/s on {PROCESSES} cores")
    print(f"import          {took:7.1f} s  {rows / took:8,.0f} rows/s")
    print(f"ratio           {took / alone:7.2f}    at most {LIMIT_SECONDS}")
    print(f"memory          {megabytes:7.0f} MB at most {LIMIT_MEGABYTES}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
