"""A snapshot of the database that is held for as long as its copy takes (campaign/backups/dump.py)."""

import os
from collections.abc import Iterator
from select import select

import psycopg
import pytest
from django.db import connection

from campaign.backups import dump

pytestmark = pytest.mark.django_db(transaction=True)

ENDED_AFTER = {"idle_in_transaction_session_timeout": 15, "transaction_timeout": 17}  # the first version that has it
COPYING = 0.5  # seconds, more than the database allows here


@pytest.fixture
def impatient_database() -> Iterator[None]:
    """One that ends whoever holds a transaction for 100 ms, as deploy/postgresql/campaign.conf does after minutes."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        version = other.info.server_version // 10_000
        settings = [setting for setting, first in ENDED_AFTER.items() if first <= version]
        for setting in settings:
            other.execute(f"ALTER DATABASE \"{name}\" SET {setting} = '100ms'".encode())
        connection.close()
        yield
        connection.close()
        for setting in settings:
            other.execute(f'ALTER DATABASE "{name}" RESET {setting}'.encode())


@pytest.mark.usefixtures("impatient_database")
def test_a_copy_may_take_longer_than_the_database_lets_others_hold_a_transaction() -> None:
    with dump.snapshot():
        told, _, _ = select([connection.connection], [], [], COPYING)
        assert not told, "the server ended the session that holds the snapshot"
        assert dump.newest_migrations()
