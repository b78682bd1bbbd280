from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.staff import second_factor


class Command(BaseCommand):
    help = (
        "Takes the second factor of a member of staff away, for an administrator who lost the phone and the recovery"
        " codes and whom no other can help; at the next login a new one is set up. Noted in the audit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *, name: str, **options: object) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account with the name {name!r}.")
        second_factor.reset(user, by="")
        self.stdout.write(f"{name} sets up a new second factor at the next login.")
