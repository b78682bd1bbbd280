"""`manage.py list_roles`: print the list and the table of docs/roles.md, which say what staff of each role may do."""

from typing import Any

from django.core.management.base import BaseCommand

from backoffice import roles


class Command(BaseCommand):
    help = "Print what staff of each role may do, as docs/roles.md does."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{roles.list_of_sentences()}\n\n{roles.permission_table()}")
