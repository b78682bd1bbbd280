"""The database's clock (campaign/database/clock.py), and the ticks that go by it (campaign/celery.py)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery.schedules import schedule
from django.db import connection, transaction

from campaign import celery
from campaign.celery import app
from campaign.database import clock
from campaign.database.clock import Clock, Reading
from standalone.supervision.process import wait_until

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def databases_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        time: datetime = cursor.fetchone()[0]
    return time


def test_the_database_is_asked_what_time_it_is():
    assert abs(Clock().now() - databases_time()) < MINUTE


def test_between_two_answers_the_time_is_carried_on():
    asked, began = Clock(), clock.counter()
    asked.reading = Reading(datetime(2030, 1, 1, tzinfo=UTC), began - 30, began + 300)
    now = asked.now()
    passed = timedelta(seconds=clock.counter() - began)
    assert timedelta(seconds=30) <= now - datetime(2030, 1, 1, tzinfo=UTC) <= timedelta(seconds=30) + passed


def test_an_old_answer_is_asked_for_anew():
    asked = Clock()
    asked.reading = Reading(datetime(2030, 1, 1, tzinfo=UTC), clock.counter() - 61, clock.counter() - 1)
    assert abs(asked.now() - databases_time()) < MINUTE


def test_when_the_machine_s_clock_is_set_the_database_is_asked_anew():
    asked = Clock()
    asked.reading = Reading(datetime(2030, 1, 1, tzinfo=UTC), clock.counter(), clock.counter() + 300)
    assert asked.now().year == 2030
    asked.reading = replace(asked.reading, lead=clock.lead() - 2)
    assert abs(asked.now() - databases_time()) < MINUTE


def test_asking_is_no_query_of_the_request_that_happens_to_ask(django_assert_num_queries):
    with django_assert_num_queries(0):
        Clock().now()


def test_while_the_database_does_not_answer_the_time_goes_on():
    asked = Clock()
    asked.reading = Reading(datetime(2030, 1, 1, tzinfo=UTC), clock.counter(), clock.counter() - 1)
    with transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(Exception, match="division by zero"):
            cursor.execute("SELECT 1 / 0")
        assert asked.now().year == 2030
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_after_a_connection_that_broke_the_database_is_asked_again():
    """The scheduler asks for nothing else, so nobody would replace the connection."""
    asked = Clock()
    asked.now()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert wait_until(lambda: not connection.is_usable(), seconds=60)
    asked.reading = Reading(datetime(2030, 1, 1, tzinfo=UTC), clock.counter(), clock.counter() - 1)
    assert asked.now().year < 2030


class Noting(celery.Tick):
    name, is_done = "tests.noting", False

    def run(self) -> None:
        self.is_done = True


@pytest.fixture
def task() -> Iterator[Noting]:
    yield app.register_task(Noting())
    app.tasks.unregister("tests.noting")


@pytest.fixture
def sent(monkeypatch, task) -> list[dict[str, Any]]:
    """What the scheduler hands to Celery."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(task, "apply_async", lambda *args, **options: sent.append(options))
    return sent


@pytest.fixture
def scheduler(tmp_path: Path) -> celery.Scheduler:
    return celery.Scheduler(app, schedule_filename=str(tmp_path / "beat"))


def entry(**fields: Any) -> celery.DatabaseClockEntry:
    return celery.DatabaseClockEntry(
        name="noting", task="tests.noting", schedule=schedule(SECOND, app=app), app=app, **fields
    )


def test_no_tick_is_worthless_by_the_clock_of_the_machine_that_takes_it(scheduler, sent):
    scheduler.apply_async(entry(options={"expires": 5}), advance=False)
    assert "expires" not in sent[0]


def test_a_tick_is_worthless_some_seconds_later_by_the_databases_clock(scheduler, sent):
    before = databases_time()
    scheduler.apply_async(entry(options={"expires": 300}), advance=False)
    after = databases_time()
    end = datetime.fromisoformat(sent[0]["headers"][celery.HEADER])
    assert before - SECOND <= end - timedelta(seconds=300) <= after + SECOND  # it is carried on from an earlier answer


@pytest.mark.parametrize(("age", "is_done"), [(timedelta(minutes=9), False), (timedelta(minutes=-9), True)])
def test_a_task_is_done_only_while_its_tick_is_worth_something(task, age, is_done):
    task.push_request(**{celery.HEADER: (databases_time() - age).isoformat()})
    task()
    assert task.is_done is is_done


def test_a_task_that_is_called_by_hand_is_done(task):
    task()
    assert task.is_done


def test_what_a_clock_ahead_wrote_down_as_run_is_due_after_its_usual_time():
    ahead = clock.now() + timedelta(days=8)
    _is_due, seconds = entry(last_run_at=ahead).is_due()
    assert seconds <= 1
