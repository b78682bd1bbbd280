#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

# Run where there are no settings: where private keys are kept, without a database and any secret of the site, or before
# the site has any. The first never need them, whatever is in `.env`; `unseal` reads signatures from the database where
# there is one.
OFFLINE, MAYBE_OFFLINE = ("create_keypair", "setup"), ("unseal",)
NO_SITE = {"DEBUG": "1", "DATABASE_URL": "postgresql:///absent", "REDIS_URL": "redis://absent", "NO_ENV_FILE": "1"}


def is_offline() -> bool:
    has_settings = "DATABASE_URL" in os.environ or Path(__file__).with_name(".env").exists()
    command = next(iter(sys.argv[1:]), "")
    return command in OFFLINE or (command in MAYBE_OFFLINE and not has_settings)


if __name__ == "__main__":
    if is_offline():
        os.environ.update(NO_SITE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    execute_from_command_line(sys.argv)
