"""`manage.py seed_demo`: fill a demo with the first content, open to be tried, and with staff accounts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backoffice import first_content
from backoffice.demo_staff import create_demo_staff


class Command(BaseCommand):
    help = "Fill an empty demo with content that can be tried at once; content that exists is not changed."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO=1): `first_content` fills a real site.")
        filled = first_content.fill(is_demo=True)
        if create_demo_staff():
            filled.append("demo staff")
        self.stdout.write(
            f"Filled: {', '.join(filled)}." if filled else "There is content already; nothing was changed."
        )
