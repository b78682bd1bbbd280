"""`manage.py list_safety_sentences`: print who read what people at risk decide by, as docs/languages.md does."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from campaign import safety_sentences


class Command(BaseCommand):
    help = "Print who has read the sentences that people at risk decide by, as docs/languages.md does."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        known = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("language", nargs="?", choices=known, help="print them in this language, to be read")

    def handle(self, *args: Any, **options: Any) -> None:
        if language := options["language"]:
            self.stdout.write(safety_sentences.sheet(language))
        else:
            self.stdout.write(f"{safety_sentences.language_table()}\n\n{safety_sentences.reading_table()}")
