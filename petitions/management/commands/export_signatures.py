"""`manage.py export_signatures SLUG --output FILE`: write all confirmed signatures, still sealed, to one file."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.database import outages
from petitions.handover import approval
from petitions.models import Petition


class Command(BaseCommand):
    help = (
        "Write all confirmed signatures of a petition, still sealed, with counts, wordings and a checksum. The export "
        "is recorded in the audit and announced to the administrators. `unseal` opens the file with the private key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("petition", help="slug of the petition, the end of its address")
        parser.add_argument("--output", type=Path, help="file that must not exist yet (default: standard output)")

    def handle(self, *args: Any, petition: str, output: Path | None, **options: Any) -> None:
        found = Petition.objects.filter(slug=petition).first()
        if found is None:
            raise CommandError(f"there is no petition “{petition}”")
        try:
            with output.open("xb") if output else sys.stdout.buffer as file:
                write(file, approval.take_on_the_server(found), output)
        except OSError as error:
            raise CommandError(outages.trouble_in_words(error) or str(error)) from None


def write(file: BinaryIO, blocks: Iterable[bytes], output: Path | None) -> None:
    """Leave no half of a file behind, which somebody might take for the whole."""
    try:
        file.writelines(blocks)
        file.flush()
    except BaseException:
        if output:
            output.unlink(missing_ok=True)
        raise
