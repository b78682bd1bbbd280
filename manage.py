#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

# Run where private keys are kept: on a machine that has no database and none of the site's secrets. The first never
# needs them, whatever is in `.env`; the other reads signatures from the database where there is one.
OFFLINE, MAYBE_OFFLINE = ["create_keypair"], ["unseal"]
NO_SITE = {"DEBUG": "1", "DATABASE_URL": "postgresql:///absent", "REDIS_URL": "redis://absent", "NO_ENV_FILE": "1"}


def is_offline() -> bool:
    has_settings = "DATABASE_URL" in os.environ or Path(__file__).with_name(".env").exists()
    return sys.argv[1:2] == OFFLINE or (sys.argv[1:2] == MAYBE_OFFLINE and not has_settings)


if __name__ == "__main__":
    if is_offline():
        os.environ.update(NO_SITE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    execute_from_command_line(sys.argv)
