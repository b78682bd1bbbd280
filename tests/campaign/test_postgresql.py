"""A kept connection that has died is noticed without asking (campaign/postgresql)."""

import os

import psycopg
import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from standalone.supervision.process import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backend() -> int:
    """The process of the server that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def terminate(backend: int) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])


def test_a_living_connection_is_usable_and_nothing_is_asked(backend):
    with CaptureQueriesContext(connection) as queries:
        assert connection.is_usable()
    assert len(queries) == 0


def test_a_connection_that_the_server_ended_is_not_usable(backend):
    terminate(backend)
    assert wait_until(lambda: not connection.is_usable(), seconds=60)
    connection.close()


def test_the_next_request_does_not_notice_that_the_connection_died(backend):
    terminate(backend)
    assert wait_until(lambda: not connection.is_usable(), seconds=60)
    close_old_connections()  # as every request begins
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != backend
