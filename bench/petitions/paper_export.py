"""`python -m bench.within bench.petitions.paper_export [ROWS]`: exporting signatures, beside `COPY TO` of the same.

Uses the database of DATABASE_URL, in a petition of its own that is taken away again.
"""

import resource
import subprocess
import sys
import tempfile
import time

from django.db import connection

from bench.petitions import paper_import
from bench.petitions.paper_import import SLUG
from petitions.handover import parcels
from petitions.models import Petition

LEAST_SHARE, LIMIT_MEGABYTES = 1 / 3, 300
# What stands in for sealed boxes: as long, as random, and made in the database.
FILL = """
    INSERT INTO petitions_signature (petition_id, fingerprint, state, key_id, sealed, country, language, channel,
        text_id, consent_id, hold_reason, signed_on, confirmed_on, code_tries)
    SELECT p.id, substr(sha256(n::text::bytea), 1, 16), 'confirmed', p.active_key_id,
        repeat(md5(n::text), 5)::bytea, 'DE', 'en', 'web',
        (SELECT max(id) FROM petitions_petitiontext WHERE petition_id = p.id), 0, '', current_date, current_date, 0
    FROM petitions_petition p, generate_series(1, %s) n WHERE p.slug = %s
"""
COPY = """
    COPY (SELECT s.* FROM petitions_signature s JOIN petitions_petition p ON p.id = s.petition_id
    WHERE p.slug = 'bench-paper-import') TO STDOUT
"""


def main(rows: int) -> None:
    paper_import.prepare()
    try:
        fill(rows)
        pairs = [(copying(), exporting()) for _ in range(3)]  # in turn, as other work on the machine comes and goes
        copied, took = (min(times) for times in zip(*pairs, strict=True))
        tell(rows, copied, took, megabytes_of_the_command())
    finally:
        paper_import.clear()


def fill(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [rows, SLUG])
        cursor.execute("VACUUM ANALYZE petitions_signature")


def copying() -> float:
    """Seconds until all rows have come, as blocks that nobody looks at."""
    began = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        while copy.read():
            pass
    return time.perf_counter() - began


def exporting() -> float:
    petition = Petition.objects.get(slug=SLUG)
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        file.writelines(parcels.write(petition))
        return time.perf_counter() - began


def megabytes_of_the_command() -> float:
    subprocess.run([sys.executable, "manage.py", "export_signatures", SLUG], check=True, stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def tell(rows: int, copied: float, took: float, megabytes: float) -> None:
    print(f"COPY TO         {copied:7.1f} s  {rows / copied:8,.0f} rows/s")
    print(f"export          {took:7.1f} s  {rows / took:8,.0f} rows/s")
    print(f"share           {copied / took:7.2f}    at least {LEAST_SHARE:.2f}")
    print(f"memory          {megabytes:7.0f} MB at most {LIMIT_MEGABYTES}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
