"""What many threads want written at once (group_commit.py), in real threads against the database."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event

import psycopg
import pytest
from django.db import DataError, OperationalError, connection, transaction

from campaign.performance import group_commit
from campaign.performance.group_commit import GroupCommit
from standalone.supervision.process import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
LOCKED = 7


class Desk:
    """Writes what 10 divided by each number is, and waits with the first group until it may go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may_go_on = Event()
        self.write = GroupCommit(self.divide, key=lambda number: number % 100)

    def divide(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        if len(self.groups) == 1:
            assert self.may_go_on.wait(60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 10 / n FROM unnest(%s::int[]) WITH ORDINALITY AS t (n, i) ORDER BY i", [list(numbers)]
            )
            return [quotient for (quotient,) in cursor]

    def write_all(self, first: int, *others: int) -> list[Future[int]]:
        """The others come in this order while the first is being written."""
        with ThreadPoolExecutor(len(others) + 1) as pool:
            futures = [pool.submit(closing(self.write), first)]
            assert wait_until(lambda: bool(self.groups), seconds=60)
            for number, other in enumerate(others, start=1):
                futures.append(pool.submit(closing(self.write), other))
                assert wait_until(partial(self.has_waiting, number), seconds=60)
            self.may_go_on.set()
        return futures

    def has_waiting(self, number: int) -> bool:
        return len(self.write.waiting) == number


class RunsOutOfTime(Desk):
    """With the first group."""

    def divide(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        assert self.may_go_on.wait(60)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout TO 1")
            cursor.execute("SELECT pg_sleep(60)")
        return list(numbers)


class MeetsALock(Desk):
    """Wherever LOCKED is among the numbers."""

    def divide(self, numbers: Sequence[int]) -> list[int]:
        if LOCKED in numbers:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout TO 50")
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCKED])
        return super().divide(numbers)


class LosesItsDatabase(Desk):
    """After the first group."""

    def divide(self, numbers: Sequence[int]) -> list[int]:
        if not self.groups:
            return super().divide(numbers)
        self.groups.append(list(numbers))
        connection.close()
        raise OperationalError


def another_connection() -> psycopg.Connection:
    connection.ensure_connection()
    return psycopg.connect(connection.connection.info.dsn)


def closing(write: Callable[[int], int]) -> Callable[[int], int]:
    def write_and_close(number: int) -> int:
        try:
            return write(number)
        finally:
            connection.close()

    return write_and_close


def test_who_comes_while_another_writes_is_written_with_all_who_came():
    desk = Desk()
    assert [future.result() for future in desk.write_all(10, 1, 2, 5)] == [1, 10, 5, 2]
    assert desk.groups == [[10], [1, 2, 5]]


def test_two_with_one_key_are_not_in_one_statement_and_keep_their_order():
    desk = Desk()
    assert [future.result() for future in desk.write_all(10, 1, 101, 2, 201)] == [1, 10, 0, 5, 0]
    assert desk.groups == [[10], [1, 2], [101], [201]]


def test_what_cannot_be_written_spoils_it_for_nobody_else():
    wrong, *right = Desk().write_all(10, 0, 5)[1:]
    assert isinstance(wrong.exception(), DataError)
    assert [future.result() for future in right] == [2]


def test_a_row_that_somebody_has_locked_is_waited_for_by_nobody_else():
    with another_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCKED])
        locked, *right = MeetsALock().write_all(10, LOCKED, 5)[1:]
    assert isinstance(locked.exception(), OperationalError)
    assert [future.result() for future in right] == [2]


def test_after_a_group_that_failed_the_next_is_written():
    desk = Desk()
    assert isinstance(desk.write_all(0, 5)[0].exception(), DataError)
    assert desk.write(2) == 5


def test_without_a_database_all_are_told_at_once_instead_of_being_tried_one_by_one():
    desk = LosesItsDatabase()
    first, *others = desk.write_all(10, 1, 2)
    assert first.result() == 1
    assert [type(future.exception()) for future in others] == [OperationalError, OperationalError]
    assert desk.groups == [[10], [1, 2]]


def test_what_the_database_does_not_do_in_time_is_not_tried_again_for_those_who_wait():
    desk = RunsOutOfTime()
    answers = desk.write_all(10, 1, 2)
    assert [type(future.exception()) for future in answers] == [OperationalError] * 3
    assert desk.groups == [[10]]


def test_nobody_waits_for_others_without_end(monkeypatch):
    monkeypatch.setattr(group_commit, "WAIT_SECONDS", 0.05)
    desk = Desk()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(closing(desk.write), 10)
        assert wait_until(lambda: bool(desk.groups), seconds=60)
        with pytest.raises(OperationalError):
            desk.write(5)
        assert desk.write.waiting == []
        desk.may_go_on.set()
    assert first.result() == 1
    assert desk.write(2) == 5


def test_within_a_transaction_it_is_written_at_once_and_by_itself():
    desk = Desk()
    desk.may_go_on.set()
    desk.write.is_led = True  # another thread is at it
    with transaction.atomic():
        assert desk.write(5) == 2
