"""`manage.py purge`: delete now what its retention has run out for; the scheduler does the same every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.supporters import purging


class Command(BaseCommand):
    help = "Deletes personal data whose time is over. May be stopped and started again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for name, number in purging.purge().items():
                self.stdout.write(f"{name}: {number}")
        except purging.Unfinished as error:
            raise CommandError(f"not finished: {error}") from None
