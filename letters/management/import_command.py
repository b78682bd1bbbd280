"""What the commands share that bring a chamber's offices in line with a list: show the difference, ask, apply it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letters.constituency.congress import senators
from letters.constituency.congress.chambers import chamber
from letters.constituency.imports import comparison
from letters.constituency.imports.records import LeftOut, OfficeRecord


class ImportCommand(BaseCommand):
    chamber_slug: str
    own_list: str  # the file of the project's own list

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")
        parser.add_argument("--no-input", action="store_true", help="apply without asking")
        parser.add_argument("--sure", action="store_true", help="apply although something speaks against the list")

    def read(self, source: str | None) -> tuple[list[OfficeRecord], list[LeftOut]]:
        """Return the list's usable entries, and those that are left out; without a source, of the project's own."""
        raise NotImplementedError

    def handle(self, *args: Any, source: str | None = None, **options: Any) -> None:
        recipients = chamber(self.chamber_slug)
        try:
            records, left_out = self.read(source)
            difference = comparison.compare_with_offices(recipients, records, left_out)
            for line in difference.lines():
                self.stdout.write(line)
            if not difference:
                self.stdout.write("the offices are in line with this list")
            elif not options["dry_run"] and (options["no_input"] or agreed()):
                comparison.apply_list(
                    recipients,
                    records,
                    left_out,
                    seen=difference.digest(),
                    is_sure=options["sure"],
                    source=source or self.own_list,
                )
                self.stdout.write("applied")
        except (OSError, UnicodeDecodeError, senators.NotAList, comparison.Nonsense) as error:
            raise CommandError(f"refused, nothing was changed: {error}") from error


def agreed() -> bool:
    return input("Apply? [y/N] ").strip().lower() in {"y", "yes"}
