"""`manage.py import_representatives`: bring the House of Representatives in line with the project's own list."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from letters.constituency.congress import senator_import
from letters.constituency.congress.chambers import US_HOUSE
from letters.constituency.congress.representatives import house_records


class Command(BaseCommand):
    help = "Show how the list of representatives differs from the offices of this site, and apply the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            difference = senator_import.compare_with_offices(house_records(), slug=US_HOUSE)
        except senator_import.Nonsense as error:
            raise CommandError(f"refused, nothing was changed: {error}") from error
        for line in difference.lines():
            self.stdout.write(line)
        if difference and not options["dry_run"]:
            senator_import.apply_difference(difference, source="letters/constituency/congress/data/representatives.csv")
            self.stdout.write("applied")
