"""`manage.py import_representatives`: bring the House of Representatives in line with the project's own list."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letters.constituency.congress.chambers import US_HOUSE, chamber
from letters.constituency.congress.representatives import house_records
from letters.constituency.imports import comparison


class Command(BaseCommand):
    help = "Show how the list of representatives differs from the offices of this site, and apply the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            difference = comparison.compare_with_offices(chamber(US_HOUSE), house_records())
        except comparison.Nonsense as error:
            raise CommandError(f"refused, nothing was changed: {error}") from error
        for line in difference.lines():
            self.stdout.write(line)
        if difference and not options["dry_run"]:
            comparison.apply_difference(difference, source="letters/constituency/congress/data/representatives.csv")
            self.stdout.write("applied")
