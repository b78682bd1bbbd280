"""`manage.py export_signatures SLUG --output FILE`: all confirmed signatures, still sealed, in one file."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.handover import approving
from petitions.models import Petition


class Command(BaseCommand):
    help = (
        "Writes all confirmed signatures of a petition, sealed as they are, with counts, wordings and checksum. It is "
        "noted and announced to the administrators. `unseal` opens the file where the private key is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("petition", help="the end of the petition's address")
        parser.add_argument("--output", type=Path, help="a file that does not exist yet; standard output if absent")

    def handle(self, *args: Any, petition: str, output: Path | None, **options: Any) -> None:
        found = Petition.objects.filter(slug=petition).first()
        if found is None:
            raise CommandError(f"there is no petition “{petition}”")
        try:
            with output.open("xb") if output else sys.stdout.buffer as file:
                file.writelines(approving.take_on_the_server(found))
        except OSError as error:
            raise CommandError(str(error)) from None
