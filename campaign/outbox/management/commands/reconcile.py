"""`manage.py reconcile`: after a disaster, give work to what waits for it, and let counts equal the rows again."""

from typing import Any

from django.core.management.base import BaseCommand

from campaign.outbox import reconciling


class Command(BaseCommand):
    help = "Finds what waits without work that would do it, and mends it. May run beside traffic, and again."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, number in reconciling.reconcile().items():
            self.stdout.write(f"{name}: {number}")
