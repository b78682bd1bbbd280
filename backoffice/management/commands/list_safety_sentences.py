"""`manage.py list_safety_sentences`: print the table of docs/languages.md of who read what people at risk decide by."""

from typing import Any

from django.core.management.base import BaseCommand

from campaign import safety_sentences


class Command(BaseCommand):
    help = "Print who has read the sentences that people at risk decide by, as docs/languages.md does."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(safety_sentences.reading_table())
