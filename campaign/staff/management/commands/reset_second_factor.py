"""`manage.py reset_second_factor NAME`: let a member of staff set up a new second factor."""

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.staff.login import second_factor


class Command(BaseCommand):
    help = (
        "Remove the second factor of a member of staff, who sets up a new one at the next login. This is meant for an"
        " administrator who lost phone and recovery codes, and whom no colleague can help. The audit records it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *, name: str, **options: object) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account with the name {name!r}.")
        second_factor.reset(user, by="")
        self.stdout.write(f"{name} sets up a new second factor at the next login.")
