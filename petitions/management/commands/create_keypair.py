"""`manage.py create_keypair FILE`: make a key pair for a petition, best on a machine that is not the server."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.secrecy.keypairs import new_keypair, with_check


class Command(BaseCommand):
    help = "Make a key pair: write the private key to FILE, and print the public key with check digits for the admin."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="file for the private key; it must not exist yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        pair = new_keypair()
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        with os.fdopen(descriptor, "w") as private:
            private.write(pair.private + "\n")
        self.stderr.write(f"The private key is in {file}. Keep it off the server, in two places, with two people.")
        self.stdout.write(with_check(pair.public))
