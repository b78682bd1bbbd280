"""`manage.py purge`: delete now what is past its retention; the scheduler does the same every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.supporters import purges


class Command(BaseCommand):
    help = "Delete personal data that is past its retention. It can be stopped and started again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for name, number in purges.purge_all().items():
                self.stdout.write(f"{name}: {number}")
        except purges.Unfinished as error:
            raise CommandError(f"not finished: {error}") from None
