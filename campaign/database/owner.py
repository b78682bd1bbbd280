"""Be connected as the role that owns the tables, for commands that make, copy or fill them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner if OWNER_DATABASE_URL names one, and as the application again afterwards."""
    if not settings.OWNER_DATABASE:
        yield
        return
    with connected_to(settings.OWNER_DATABASE):
        yield


@contextmanager
def connected_to(database: Mapping[str, Any]) -> Iterator[None]:
    """Connect to another database, or as somebody else, and as the application again afterwards."""
    application = connection.settings_dict
    connection.close()
    connection.settings_dict = {**application, **database}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application
