"""`python -m bench.within bench.petitions.paper_import [ROWS]`: importing paper rows, beside sealing alone.

Uses the database of DATABASE_URL, in a petition of its own that is taken away again. One row in a hundred is faulty.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.petitions.statements import PROCESSES, sealing_rate
from campaign.supporters.sealing import new_keypair
from petitions.models import PaperBatch, Petition, PetitionKey, PetitionText, Signature

SLUG = "bench-paper-import"
LIMIT_SECONDS, LIMIT_MEGABYTES = 1.5, 300


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        write(file, rows)
        before = sealing_rate(rows // 4)
        prepare()
        try:
            began = time.perf_counter()
            subprocess.run(command(file), check=True, stderr=subprocess.DEVNULL)
            took = time.perf_counter() - began
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            # Before and after, as other work on the machine comes and goes.
            tell((before + sealing_rate(rows // 4)) / 2, rows / took, megabytes)
        finally:
            clear()


def write(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.write("name,email,address,postcode,city,country\n")
        for number in range(rows):
            email = f"person.{number}@mail{number % 500}.example.org" if number % 2 else ""
            country = "??" if number % 100 == 50 else "DE"
            lines.write(f'Áná {number} Maier,{email},"Main street {number}",{number % 99999:05},Berlin,{country}\n')


def command(file: Path) -> list[str]:
    told = ["--petition", SLUG, "--collector", "bench", "--place", "bench", "--date", "2026-01-01"]
    return [sys.executable, "manage.py", "import_signatures", str(file), *told]


def prepare() -> None:
    clear()
    petition = Petition.objects.create(slug=SLUG, asked_by="bench")
    PetitionText.objects.create(petition=petition, addressee="bench", title="bench", summary="bench", body="bench")
    petition.active_key = PetitionKey.objects.create(petition=petition, public_key=new_keypair().public)
    petition.save()


def clear() -> None:
    signatures = Signature.objects.filter(petition__slug=SLUG)
    signatures._raw_delete(signatures.db)  # noqa: SLF001  # a million rows, and nothing hangs on them
    PaperBatch.objects.filter(petition__slug=SLUG).delete()
    Petition.objects.filter(slug=SLUG).update(active_key=None)
    Petition.objects.filter(slug=SLUG).delete()


def tell(alone: float, imported: float, megabytes: float) -> None:
    print(f"sealing alone   {alone:8,.0f} rows/s on {PROCESSES} cores")
    print(f"import          {imported:8,.0f} rows/s")
    print(f"ratio           {alone / imported:8.2f} at most {LIMIT_SECONDS}")
    print(f"memory          {megabytes:8.0f} MB at most {LIMIT_MEGABYTES}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
