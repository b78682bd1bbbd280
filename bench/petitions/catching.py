"""`python -m bench.within bench.petitions.catching SLUG FOLDER`: real signings as scripts.

Their statements, for pgbench, with another signer's hashes each time.
"""

import re
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import islice
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.load.people import Person, people
from petitions.models import Petition
from petitions.public import selectors
from petitions.signing import consent
from petitions.signing.sign import sign

SCRIPTS = 20
HASH = re.compile(r"(?<=x)[0-9a-f]{32}(?=\")")  # in the JSON of its rows
RANDOM = "encode(substr(sha256(random()::text::bytea), 1, 16), 'hex')"


def sign_as(petition: Petition, person: Person) -> None:
    sign(
        petition=petition,
        text=petition.text,
        consent=consent.current(petition),
        name=person.name,
        address=person.email,
        country=person.country,
        language="en",
        client=ip_address(person.network),
    )


def caught(petition: Petition) -> Iterator[list[str]]:
    sign_as(petition, next(people("first")))  # reads what is read once for many
    for person in islice(people("caught"), SCRIPTS):
        with CaptureQueriesContext(connection) as statements:
            sign_as(petition, person)
        yield [statement["sql"] for statement in statements]


def for_somebody_else(statement: str) -> str:
    """With other hashes each time, and on one line, as pgbench wants it."""
    rows = re.compile(r"E?'\[.*?\]'(?=::json)")
    text = rows.sub(lambda found: f"({HASH.sub(f"' || {RANDOM} || E'", found[0])})", statement)
    return " ".join(text.split()) + ";"


def main(slug: str, folder: Path) -> None:
    petition = selectors.find(slug)
    assert petition is not None
    for number, statements in enumerate(caught(petition)):
        (folder / f"{number}.sql").write_text("\n".join(map(for_somebody_else, statements)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
