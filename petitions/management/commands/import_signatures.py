"""`manage.py import_signatures FILE --petition SLUG ...`: load a file of rows collected on paper as signatures."""

import hashlib
import re
import time
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.admin.spreadsheets import GivenTable
from campaign.protection.inputs.csv_records import DELIMITERS, Unusable
from campaign.protection.inputs.encodings import ENCODINGS, guess_encoding
from campaign.web import countries
from petitions.models import PaperBatch, Petition
from petitions.paper.imports import loading, reports
from petitions.paper.imports.loading import AlreadyLoaded, Collected, ImportSource
from petitions.paper.imports.rows import Reading, known_layout, open_table
from petitions.paper.imports.storage import ImportInterrupted


class Command(BaseCommand):
    help = (
        "Load a CSV, XLSX or ODS file (columns name, country, email, address, postcode, city) as one batch. After an "
        "interruption, the same command resumes where it stopped; the same file or scan is never loaded twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--petition", required=True, help="slug of the petition, the end of its address")
        parser.add_argument("--collector", required=True, help="person or group that collected the signatures")
        parser.add_argument("--place", required=True, help="where the signatures were collected")
        parser.add_argument("--date", required=True, type=day, help="last day of signing, such as 2026-11-22")
        parser.add_argument("--language", default="en", help="language of the sheets (default: en)")
        parser.add_argument(
            "--country", default="", type=country, help="country of rows that name none, as two letters"
        )
        parser.add_argument("--encoding", choices=ENCODINGS, help="of the file (default: found by its text)")
        parser.add_argument(
            "--delimiter", default="", choices=list(DELIMITERS), help="default: found in the first line"
        )
        parser.add_argument("--scan", type=sha256, help="SHA-256 of the scanned sheets (default: that of the file)")
        parser.add_argument("--report", type=Path, help="list of faulty and known rows (default: FILE.report.csv)")

    def handle(self, *args: Any, file: Path, report: Path | None, **options: Any) -> None:
        try:
            batch = self.open(file, **options)
            self.load(batch, file)
        except AlreadyLoaded as known:
            batch = known.batch
            self.stdout.write(f"Nothing to do: this file or scan is in already, as {batch}.")
        except (OSError, Unusable) as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except ImportInterrupted:
            raise CommandError("stopped: the batch was cancelled, or is being loaded elsewhere") from None
        self.tell(batch, report or file.with_name(f"{file.name}.report.csv"))

    def open(self, file: Path, **options: Any) -> PaperBatch:
        petition = Petition.objects.for_display().filter(slug=options["petition"]).first()
        if petition is None:
            raise CommandError(f"there is no petition “{options['petition']}”")
        with file.open("rb") as content:
            table = GivenTable(File(content))
            reading = self.reading(table, **options)
            content.seek(0)
            scan = options["scan"] or hashlib.file_digest(content, "sha256").hexdigest()
        return loading.open_batch(
            petition=petition,
            collected=Collected(options["collector"], options["place"], options["date"]),
            source=ImportSource(scan, file.name, file.stat().st_size),
            text=petition.text_in(options["language"]),
            country=options["country"],
            reading=reading,
        )

    def reading(self, table: GivenTable, **options: Any) -> Reading:
        """Return how the file is read: nobody looks at it, so every column must be known. Raises Unusable."""
        encoding = "" if table.is_spreadsheet else options["encoding"]
        if encoding is None:
            encoding = guess_encoding(table.pieces(), options["language"])
        found = open_table(table.pieces(), Reading(encoding, options["delimiter"]))
        known_layout(found, options["country"])
        return found.reading

    def load(self, batch: PaperBatch, file: Path) -> None:
        told_at = time.monotonic()
        with file.open("rb") as content:
            for _ in loading.load(batch, GivenTable(File(content)).pieces()):
                if time.monotonic() - told_at > 1:
                    told_at = time.monotonic()
                    batch.refresh_from_db(fields=["bytes_read", "state"])
                    self.stderr.write(f"{batch.percent} %, {batch.lines_read} lines")

    def tell(self, batch: PaperBatch, report_file: Path) -> None:
        batch.refresh_from_db()
        self.stdout.write(f"{batch}: {batch.good} counted, {batch.matched} known already, {batch.faulty} faulty.")
        if batch.faulty or batch.matched:
            with report_file.open("w", newline="", encoding="utf-8") as lines:
                lines.writelines(reports.report(batch))
            self.stdout.write(f"Each of these lines with its reason: {report_file}")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a day is written as 2026-11-22") from None


def country(text: str) -> str:
    """Return the code in capitals. The default, which argparse passes in as well, is empty."""
    if text and not countries.is_known(text.upper()):
        raise ArgumentTypeError("a country is written as two letters, such as DE")
    return text.upper()


def sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ArgumentTypeError("64 hexadecimal characters are expected")
    return text.lower()
