"""Be connected as the role that owns the tables, for commands that make, copy or fill them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner if OWNER_DATABASE_URL names one, and as the application again afterwards."""
    if not settings.OWNER_DATABASE:
        yield
        return
    application = connection.settings_dict
    connection.close()
    connection.settings_dict = {**application, **settings.OWNER_DATABASE}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application
