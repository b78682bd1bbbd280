"""`manage.py backup FOLDER`: copy database and uploaded files, encrypted to BACKUP_KEY."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError

from campaign.backups import workflow
from campaign.backups.dump import ProgramFailed
from campaign.database.replica import ReplicaBehind
from campaign.outbox.heartbeats import SitePart, record_heartbeat
from campaign.secrecy.keypairs import checked


class Command(BaseCommand):
    help = (
        "Copy the database and the uploaded files into a new folder in FOLDER, encrypted to BACKUP_KEY. Neither the"
        " settings nor KEY_FOLDER nor the journal are in it (docs/deploy.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept")
        parser.add_argument(
            "--keep-days", type=int, help="delete those in FOLDER that are older, once this one is whole"
        )

    def handle(self, *args: Any, folder: Path, keep_days: int | None, **options: Any) -> None:
        if not settings.BACKUP_KEY:
            raise CommandError("BACKUP_KEY is not set: make a pair with `create_keypair`, and set its public line.")
        try:
            made = workflow.back_up(folder, checked(settings.BACKUP_KEY), tell=self.tell)
        except (OSError, ProgramFailed, ReplicaBehind) as error:
            raise CommandError(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"the database was not read to its end: {error}") from error
        record_heartbeat(SitePart.BACKUP)
        for name in workflow.delete_old(folder, timedelta(days=keep_days)) if keep_days is not None else []:
            self.tell(f"deleted {name}")
        self.stdout.write(str(made))

    def tell(self, words: str) -> None:
        self.stderr.write(f"{words} ...")
