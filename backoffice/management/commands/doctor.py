"""`manage.py doctor`: look at everything that can be wrong with an installation, and say what to do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.doctor import CHECKS, Asked, Level


class Command(BaseCommand):
    help = "Look at settings, database, folders, work, mail, address and content; say what is wrong and what to do."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--offline", action="store_true", help="ask neither names, mail server nor public address")
        parser.add_argument("--nameserver", default="", metavar="ADDRESS[:PORT]", help="ask this server for names")
        parser.add_argument("--dkim", default="", metavar="NAME", help="the name under which mail is signed")

    def handle(self, *args: Any, offline: bool, nameserver: str, dkim: str, **options: Any) -> None:
        asked = Asked(is_offline=offline, nameserver=nameserver, dkim_selector=dkim)
        number = dict.fromkeys(Level, 0)
        for section, check in CHECKS:
            self.stdout.write(f"\n{section}")
            for finding in check(asked):
                number[finding.level] += 1
                self.stdout.write(f"  {finding.level.value:5} {finding.words}")
                if finding.remedy:
                    self.stdout.write(f"        -> {finding.remedy}")
        words = f"{number[Level.GOOD]} good, {number[Level.LOOK]} to look at, {number[Level.BAD]} bad"
        if number[Level.BAD]:
            raise CommandError(words)
        self.stdout.write(f"\n{words}")
