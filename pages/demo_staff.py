"""The staff account of the demo, whose password the supervisor makes and prints."""

import os

from django.contrib.auth.models import User

NAME = "demo"
PASSWORD = "DEMO_PASSWORD"  # noqa: S105  # the name of the variable


def create_demo_staff() -> bool:
    """True if the account was made now. Without a password in the environment there is none."""
    password = os.environ.get(PASSWORD)
    if not password or User.objects.filter(username=NAME).exists():
        return False
    User.objects.create_superuser(NAME, "demo@example.org", password)
    return True
