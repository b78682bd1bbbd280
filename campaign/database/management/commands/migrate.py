"""`manage.py migrate`: Django's, as the owner of the database if OWNER_DATABASE_URL names one."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from campaign.database import grants
from campaign.database.owner import as_owner


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OWNER_DATABASE:
            super().handle(*args, **options)
            return
        application = grants.current_role()
        only_looks = options["plan"] or options["check_unapplied"]
        with as_owner():
            if not only_looks:
                grants.grant_to(application)
            super().handle(*args, **options)
            if not only_looks:
                grants.grant_to(application)
