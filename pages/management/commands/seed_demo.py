from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from letters.seeding import seed_letters
from pages.demo_staff import create_demo_staff
from pages.seeding import seed_pages
from petitions.seeding import seed_petitions


class Command(BaseCommand):
    help = "Fills an empty site with its first content; changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        seed_petitions()
        seed_letters()
        filled = seed_pages()
        if settings.DEMO and create_demo_staff():
            filled.append("demo staff")
        self.stdout.write(
            f"Filled: {', '.join(filled)}." if filled else "There is content already; nothing was changed."
        )
