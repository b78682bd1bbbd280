"""`manage.py reconcile`: after a disaster, put work that is missing, and correct counts that differ from the rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from campaign.outbox.maintenance import reconcile


class Command(BaseCommand):
    help = (
        "Find what waits for work that no longer exists, and put that work; correct wrong counts. Letters that have not"
        " gone out are held for staff, since they may have gone out after the backup was made. It can run during"
        " traffic, and repeatedly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--not-restored",
            action="store_true",
            help="no backup was restored, so what waits has certainly not happened: let letters go on by themselves",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, number in reconcile.reconcile(is_restored=not options["not_restored"]).items():
            self.stdout.write(f"{name}: {number}")
