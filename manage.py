#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

# Run where private keys are kept: on a machine that has no database and none of the site's secrets.
OFFLINE = {"create_keypair", "unseal"}
NO_SITE = {"DEBUG": "1", "DATABASE_URL": "postgresql:///absent", "REDIS_URL": "redis://absent"}

if __name__ == "__main__":
    if (
        OFFLINE & set(sys.argv[1:2])
        and "DATABASE_URL" not in os.environ
        and not Path(__file__).with_name(".env").exists()
    ):
        os.environ.update(NO_SITE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    execute_from_command_line(sys.argv)
