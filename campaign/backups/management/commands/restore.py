"""`manage.py restore FOLDER --key FILE`: fill an empty site from a backup, and hold its mail."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.backups import workflow
from campaign.backups.dump import ProgramFailed
from campaign.backups.encrypted_file import Unreadable
from campaign.secrecy.keypairs import private_key_in


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database where no uploads are. Nothing goes out until an administrator"
        " lets it: the first page of the admin says what was lost."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that `backup` made")
        parser.add_argument("--key", type=Path, required=True, help="file of the private key, from create_keypair")

    def handle(self, *args: Any, folder: Path, key: Path, **options: Any) -> None:
        try:
            said = workflow.restore(folder, private_key_in(key), tell=self.tell)
        except (workflow.NotEmpty, workflow.NotOwner, Unreadable, ProgramFailed, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.tell("checking counts and audit")
        call_command("recount", check=True, stdout=self.stdout)
        call_command("audit", check=True, stdout=self.stdout)
        self.stdout.write(
            f"Restored: {sum(said.rows.values()):,} rows and {said.files:,} files of {said.made_at}. Mail and letters"
            " wait: start the site, log in, and let them go from the first page of the admin."
        )

    def tell(self, words: str) -> None:
        self.stderr.write(f"{words} ...")
