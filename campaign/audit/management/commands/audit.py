"""`manage.py audit [--check [--head NUMBER:HASH ...]]`: link the entries of the audit, or prove their chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.audit import chain
from campaign.audit.models import Unlinked


class Command(BaseCommand):
    help = "Link the entries of the audit that are not in its chain yet, or prove the chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if an entry does not fit")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=chain.Head.parse,
            metavar="NUMBER:HASH",
            help="a head of the chain that was mailed, which must still be in it",
        )

    def handle(self, *args: Any, check: bool, head: list[chain.Head], **options: Any) -> None:
        if head and not check:
            raise CommandError("--head goes with --check")
        if check:
            self.prove(head)
        else:
            self.stdout.write(f"Linked: {chain.link_waiting()}. Head: {chain.head()}")

    def prove(self, mailed: list[chain.Head]) -> None:
        try:
            found = chain.check(mailed)
        except chain.Broken as broken:
            raise CommandError(str(broken)) from None
        self.stdout.write(f"Every entry fits. Head: {found}\nNot linked yet: {Unlinked.objects.count()}")
