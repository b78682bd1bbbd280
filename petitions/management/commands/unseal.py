"""`manage.py unseal FILE --key KEY`: read sealed signatures on the machine where the private key is kept."""

import sys
import tempfile
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.secrecy.keypairs import private_key_in
from campaign.secrecy.private_files import whole
from petitions.handover import export_file, signature_book
from petitions.handover.export_file import Damaged, Manifest
from petitions.handover.tables import Table
from petitions.handover.unseal import KeyMissing, Signer, signers
from petitions.models import Petition


class Command(BaseCommand):
    help = (
        "Open a file that export_signatures wrote, or the signatures of a petition in the database, with the private "
        "keys. For a file, neither database nor network is needed. Memory use does not grow with the number of "
        "signatures, and the same input always gives the same output."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="file of signatures, or slug of a petition")
        parser.add_argument(
            "--key",
            type=Path,
            required=True,
            action="append",
            help="file that create_keypair wrote; repeat the option for several keys",
        )
        parser.add_argument("--csv", type=Path, help="table of the exact text, for machines (RFC 4180)")
        parser.add_argument(
            "--spreadsheet",
            "--output",
            type=Path,
            help="table in which nothing can act as a formula; printed if no other output is asked for",
        )
        parser.add_argument(
            "--book",
            type=Path,
            help="PDF with cover letter, totals and all names; further volumes become NAME-2.pdf and so on",
        )
        parser.add_argument("--language", default="en", help="language of the book (default: en)")
        parser.add_argument(
            "--date", type=day, help="date on the book, such as 2026-11-22 (default: last day of signing)"
        )

    def handle(self, *args: Any, source: str, key: list[Path], **options: Any) -> None:
        try:
            with opened(source) as file:
                manifest = export_file.check_export(file)
                private = [private_key_in(path) for path in key]
                self.make_tables(file, manifest, private, **options)
                if options["book"]:
                    self.make_book(file, manifest, private, **options)
                self.tell(manifest)
        except (OSError, ValueError, Damaged, KeyMissing) as error:
            raise CommandError(str(error)) from None

    def tell(self, manifest: Manifest) -> None:
        total, cleared = manifest.totals["total"], manifest.totals.get("cleared", 0)
        checksum = manifest.totals["sha256"]
        self.stderr.write(f"{total - cleared} signatures opened. SHA-256 of the file without its last line: {checksum}")
        if cleared:
            self.stderr.write(f"{cleared} of {total} signatures are left out: they count, but their names are deleted.")

    def make_tables(self, file: BinaryIO, manifest: Manifest, keys: list[str], **options: Any) -> None:
        safe, exact = options["spreadsheet"], options["csv"]
        with ExitStack() as stack:
            tables = []
            if safe:  # the byte order mark tells spreadsheets that the text is UTF-8
                kept = stack.enter_context(whole(safe, newline="", encoding="utf-8-sig"))
                tables.append(Table(kept, is_for_spreadsheets=True))
            if exact:
                kept = stack.enter_context(whole(exact, newline="", encoding="utf-8"))
                tables.append(Table(kept, is_for_spreadsheets=False))
            if not (tables or options["book"]):
                tables.append(Table(sys.stdout, is_for_spreadsheets=True))
            for signer in again(file, manifest, keys) if tables else ():
                for table in tables:
                    table.add(signer)

    def make_book(self, file: BinaryIO, manifest: Manifest, keys: list[str], **options: Any) -> None:
        day = options["date"] or last_day(file, manifest)
        path: Path = options["book"]
        made = signature_book.volumes(again(file, manifest, keys), manifest, language=options["language"], day=day)
        for number, pdf in enumerate(made, start=1):
            place = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
            with whole(place, "wb") as file_of_volume:
                file_of_volume.write(pdf)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"write it as 2026-11-22, not {text}") from None


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """Open the file; for a slug, a temporary file of the petition's signatures, still sealed."""
    if Path(source).is_file():
        with Path(source).open("rb") as file:
            yield file
        return
    petition = Petition.objects.filter(slug=source).first()
    if petition is None:
        raise CommandError(f"there is neither a file nor a petition “{source}”")
    with tempfile.TemporaryFile() as file:
        file.writelines(export_file.write_export(petition))
        file.seek(0)
        yield file


def again(file: BinaryIO, manifest: Manifest, keys: list[str]) -> Iterator[Signer]:
    file.seek(0)
    return signers(file, manifest, keys)


def last_day(file: BinaryIO, manifest: Manifest) -> date:
    file.seek(0)
    place = export_file.COLUMNS.index("confirmed_on")
    days = (line.split(b"\t")[place] for line in file if not line.startswith(b"{"))
    return date.fromisoformat(max(days, default=b"1970-01-01").decode())
