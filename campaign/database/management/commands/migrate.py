"""`manage.py migrate`: Django's, as the owner of the database if OWNER_DATABASE_URL names one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dj_database_url import DBConfig
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection

from campaign.database import grants


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OWNER_DATABASE:
            super().handle(*args, **options)
            return
        application = grants.current_role()
        only_looks = options["plan"] or options["check_unapplied"]
        with connected(settings.OWNER_DATABASE):
            if not only_looks:
                grants.grant_to(application)
            super().handle(*args, **options)
            if not only_looks:
                grants.grant_to(application)


@contextmanager
def connected(owner: DBConfig) -> Iterator[None]:
    """Be connected as the owner, and as the application again afterwards."""
    application = connection.settings_dict
    connection.close()
    connection.settings_dict = {**application, **owner}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application
