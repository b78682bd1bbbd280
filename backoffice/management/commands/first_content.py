"""`manage.py first_content`: fill an empty site with pages, news, actions, evidence, and drafts of what asks."""

from typing import Any

from django.core.management.base import BaseCommand

from backoffice import first_content


class Command(BaseCommand):
    help = (
        "Fill an empty site with its first content in all languages; content that exists is not changed. The petition"
        " and the letter campaign are drafts: give the petition a key, read everything, then publish."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        filled = first_content.fill(is_demo=False)
        self.stdout.write(
            f"Filled: {', '.join(filled)}." if filled else "There is content already; nothing was changed."
        )
