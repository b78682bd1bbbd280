"""`manage.py import_senators [SOURCE]`: bring the offices in line with a list of senators."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letters.constituency.congress import senators
from letters.constituency.congress.chambers import chamber
from letters.constituency.imports import comparison
from letters.constituency.imports.records import LeftOut, OfficeRecord
from letters.models.recipients.recipient_lists import US_SENATE


class Command(BaseCommand):
    help = "Show how a list of senators differs from the offices of this site, and apply the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source",
            nargs="?",
            help="file or https address of legislators-current (YAML or JSON); without it, the project's own list",
        )
        parser.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")
        parser.add_argument("--no-input", action="store_true", help="apply without asking")
        parser.add_argument("--sure", action="store_true", help="apply although something speaks against the list")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        try:
            records, left_out = read(source)
            difference = comparison.compare_with_offices(chamber(US_SENATE), records, left_out)
            for line in difference.lines():
                self.stdout.write(line)
            if not difference:
                self.stdout.write("the offices are in line with this list")
            elif not options["dry_run"] and (options["no_input"] or agreed()):
                comparison.apply_list(
                    chamber(US_SENATE),
                    records,
                    left_out,
                    seen=difference.digest(),
                    is_sure=options["sure"],
                    source=source or "letters/constituency/congress/data/offices.csv",
                )
                self.stdout.write("applied")
        except (OSError, UnicodeDecodeError, senators.NotAList, comparison.Nonsense) as error:
            raise CommandError(f"refused, nothing was changed: {error}") from error


def agreed() -> bool:
    return input("Apply? [y/N] ").strip().lower() in {"y", "yes"}


def read(source: str | None) -> tuple[list[OfficeRecord], list[LeftOut]]:
    if source is None:
        return senators.project_records(), []
    return senators.parse(senators.fetch(source) if "://" in source else Path(source).read_text(encoding="utf-8"))
