"""`manage.py recount [--check]`: compare the counts with the rows, and correct them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.counting import recount


class Command(BaseCommand):
    help = "Compare every count with the rows, and recount if any differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a count is wrong")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        found = recount.differences()
        for difference in found:
            petition, place = difference.petition_id, difference.place
            self.stdout.write(f"petition {petition}, {place}: rows {difference.rows}, shown {difference.shown}")
        if check and found:
            raise CommandError(f"{len(found)} counts differ from the rows")
        if found:
            recount.recount()
        self.stdout.write("Every count equals the rows." if not found else "Counted anew.")
