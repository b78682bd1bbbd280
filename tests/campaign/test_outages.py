"""Trouble of our own: the page that keeps what was typed, and no attempt spent (campaign/database/outages.py)."""

import errno
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Thread

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import InternalError, OperationalError, close_old_connections, connection, transaction
from django.test import Client

from campaign.database import outages
from campaign.outbox import execution
from campaign.outbox.handlers import Done, Item, Outcome
from campaign.outbox.models import State
from campaign.performance.postgresql.base import DatabaseWrapper, is_silent
from standalone.supervision.process import wait_until
from tests.outbox.factories import KIND, Obedient, claim_all, forget_handlers, make_item

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {"email": "ana@example.org", "name": "Ana <Example>"}


def set_read_only(value: str) -> None:
    """As a provider does before it switches over, or as a standby is; it holds for sessions that begin from now on."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only TO {value}'.encode())


@pytest.fixture
def read_only() -> Iterator[None]:
    set_read_only("on")
    connection.close()
    yield
    set_read_only("off")
    connection.close()


@pytest.fixture
def anybody(client: Client) -> Client:
    client.raise_request_exception = False
    return client


@pytest.mark.usefixtures("read_only")
def test_a_database_that_takes_no_writes_keeps_what_was_typed(anybody: Client) -> None:
    answer = anybody.post("/newsletter/", FORM)
    assert answer.status_code == 503
    assert b'value="ana@example.org"' in answer.content
    assert b'value="Ana &lt;Example&gt;"' in answer.content
    assert answer["Retry-After"]


@pytest.mark.usefixtures("read_only")
def test_pages_that_only_read_are_still_there(anybody: Client) -> None:
    assert anybody.get("/newsletter/").status_code == 200


@pytest.fixture
def port_to_nowhere() -> Iterator[int]:
    """As a port of HAProxy's while no server behind it is up: each connection is taken, and ended."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=end_each, args=[listener], daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def end_each(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            listener.accept()[0].close()


@pytest.mark.usefixtures("read_only")
def test_the_standby_is_read_while_the_port_to_the_primary_leads_nowhere(port_to_nowhere: int) -> None:
    connection.ensure_connection()
    info, options = connection.connection.info, connection.settings_dict["OPTIONS"]
    both = {"host": f"127.0.0.1,{info.host}", "port": f"{port_to_nowhere},{info.port}"}
    asked = {**options, **both, "target_session_attrs": "read-write"}
    web = DatabaseWrapper({**connection.settings_dict, "HOST": "", "PORT": "", "OPTIONS": asked})
    web.limits_waiting = True
    with web.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
    web.close()


@pytest.mark.usefixtures("read_only")
def test_readiness_tells_that_nothing_can_be_written(anybody: Client) -> None:
    answer = anybody.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_staff_whose_session_cannot_be_saved_are_told_so_too(anybody: Client) -> None:
    User.objects.create_superuser("boss", password="a password of tests")
    set_read_only("on")
    connection.close()
    try:
        answer = anybody.post("/admin/login/", {"username": "boss", "password": "a password of tests"})
    finally:
        set_read_only("off")
        connection.close()
    assert answer.status_code == 503
    assert b"a password of tests" not in answer.content


def test_as_soon_as_the_database_takes_writes_again_so_does_the_site(anybody: Client) -> None:
    set_read_only("on")
    connection.close()
    assert anybody.post("/newsletter/", FORM).status_code == 503
    set_read_only("off")
    assert wait_until(lambda: takes(anybody), seconds=60)


def takes(client: Client) -> bool:
    close_old_connections()  # as every request begins
    return client.post("/newsletter/", FORM).status_code == 302


def ended_while_idle() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout TO '50ms'")
        cursor.execute("SELECT 1")
        assert wait_until(lambda: not is_silent(connection.connection), seconds=60)
        cursor.execute("SELECT 1")


def ended_by_its_administrator() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def refused_as_one_too_many() -> None:
    role = f"one_at_most_{os.getpid()}"  # roles are the whole server's, which other processes of the tests use too
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0".encode())
        try:
            psycopg.connect(os.environ["DATABASE_URL"], user=role)
        finally:
            other.execute(f"DROP ROLE {role}".encode())


def written_in_a_transaction_that_only_reads() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("DELETE FROM outbox_item")


@pytest.mark.parametrize(
    "cause",
    [
        ended_while_idle,
        ended_by_its_administrator,
        refused_as_one_too_many,
        written_in_a_transaction_that_only_reads,
    ],
)
def test_what_the_database_says_of_itself_is_an_outage(cause) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011  # of several classes
        cause()
    connection.close()
    assert outages.is_outage(raised.value), repr(raised.value)


@pytest.mark.parametrize("sqlstate", ["53100", "57P03", "40001", "25006", "25P03", "57P01", "08006", "58030"])
def test_every_state_that_says_so_is_an_outage(sqlstate: str) -> None:
    """As raised by the server itself, in a block of its own language."""
    with pytest.raises(Exception) as raised, connection.cursor() as cursor:  # noqa: PT011  # of several classes
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{sqlstate}'; END $$")
    assert outages.is_outage(raised.value)


@pytest.mark.parametrize("sqlstate", ["23505", "22001", "42703", "25P02", "0A000", "XX000"])
def test_what_is_a_fault_of_the_program_is_none(sqlstate: str) -> None:
    with pytest.raises(Exception) as raised, connection.cursor() as cursor:  # noqa: PT011
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'fault' USING ERRCODE = '{sqlstate}'; END $$")
    assert not outages.is_outage(raised.value)


class Interrupted(Obedient):
    """The database takes nothing any more, in the middle of a batch."""

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        yield items[0], Done()
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only TO on")
        Item.objects.update(reason="what the handler writes itself")
        yield items[1], Done()


class Sent(Obedient):
    """The mail has gone out; before that is recorded, the server ends the connection."""

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        for result in super().run(items):
            with suppress(OperationalError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            yield result


def test_what_has_been_done_when_the_database_goes_away_is_not_done_again(settings) -> None:
    settings.OUTBOX_HANDLERS = {KIND: "tests.campaign.test_outages.Sent"}
    forget_handlers()
    for n in range(2):
        make_item(n)
    execution.execute(KIND, claim_all())
    assert (sorted(Sent.seen), Item.objects.count()) == ([0, 1], 0)
    forget_handlers()


def test_work_that_the_outage_interrupts_waits_again_with_no_attempt_spent(settings) -> None:
    settings.OUTBOX_HANDLERS = {KIND: "tests.campaign.test_outages.Interrupted"}
    forget_handlers()
    for n in range(3):
        make_item(n)
    with pytest.raises(InternalError, match="read-only"):
        execution.execute(KIND, claim_all())
    assert list(Item.objects.values_list("state", "attempts")) == [(State.WAITING, 0)] * 2
    forget_handlers()


class OutOfRoom(Obedient):
    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_work_that_finds_the_disk_full_waits_again_with_no_attempt_spent(settings) -> None:
    settings.OUTBOX_HANDLERS = {KIND: "tests.campaign.test_outages.OutOfRoom"}
    forget_handlers()
    make_item()
    execution.execute(KIND, claim_all())
    item = Item.objects.get()
    assert (item.state, item.attempts, item.reason) == (
        State.WAITING,
        0,
        "trouble of this server: this server's disk is full",
    )
    forget_handlers()
