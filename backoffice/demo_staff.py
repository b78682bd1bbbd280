"""Create the staff accounts of the demo, with a password that the process which starts the demo makes and prints.

There are two, since a hand-over takes two people whose accounts are not new.
"""

import os
from datetime import timedelta

from django.contrib.auth.models import User

from campaign.database import clock
from campaign.staff.accounts import address_verification

DEMO_ACCOUNTS = ["demo", "colleague"]
AGE = timedelta(days=90)
VARIABLE = "DEMO_PASSWORD"  # of the environment


def create_demo_staff() -> bool:
    """Create accounts that are missing; return whether any was. Without a password in the environment, create none."""
    password = os.environ.get(VARIABLE)
    missing = [name for name in DEMO_ACCOUNTS if not User.objects.filter(username=name).exists()] if password else []
    for name in missing:
        joined = clock.now() - AGE
        person = User.objects.create_superuser(name, f"{name}@example.org", password, date_joined=joined)
        address_verification.mark_verified(person)
    return bool(missing)
