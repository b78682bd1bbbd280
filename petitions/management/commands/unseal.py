"""`manage.py unseal --key FILE`: read sealed signatures with the private key, where that key is kept."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.protection.cells import harmless
from campaign.supporters.sealing import unseal
from petitions.models import Signature

COLUMNS = ["name", "email", "country", "language", "channel", "confirmed_on"]


class Command(BaseCommand):
    help = "Writes the confirmed signatures of a petition as CSV, opened with its private key. Streams; memory stays flat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("petition", help="the end of the petition's address")
        parser.add_argument("--key", type=Path, required=True, help="the file that create_keypair wrote")
        parser.add_argument("--output", type=Path, help="where to write; standard output if absent")

    def handle(self, *args: Any, petition: str, key: Path, output: Path | None, **options: Any) -> None:
        try:
            private = key.read_text().strip()
            with output.open("w", newline="", encoding="utf-8") if output else sys.stdout as file:
                write(rows(petition, private), file)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None


def write(people: Iterator[dict[str, Any]], file: Any) -> None:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for person in people:
        writer.writerow({column: harmless(str(person[column])) for column in COLUMNS})


def rows(petition: str, private_key: str) -> Iterator[dict[str, Any]]:
    """Raises ValueError at the first signature that was sealed to another key."""
    signatures = Signature.objects.confirmed().filter(petition__slug=petition).order_by("pk")
    for signature in signatures.iterator(chunk_size=2000):
        facts = {column: getattr(signature, column) for column in ("country", "language", "channel", "confirmed_on")}
        yield {**unseal(signature.sealed, private_key), **facts}
