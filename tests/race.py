"""Two connections at once, in the same order every time: one is held up until the other is done or blocked."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

from standalone.supervision.process import wait_until

BLOCKED_BY_ME = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
LONGEST_SECONDS = 60


def race[F, S](first: Callable[[], F], second: Callable[[], S], *, after: str) -> tuple[Future[F], Future[S]]:
    """Call `first`; once it has run its first statement that holds `after`, call `second` elsewhere.

    `first` goes on when `second` is done, or waits for a lock that `first` has.
    """
    begun = list[Future[S]]()

    def second_elsewhere() -> S:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:

        def held_up(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            result = execute(sql, params, many, context)
            if after in sql and not begun:
                begun.append(pool.submit(second_elsewhere))
                wait_until_done_or_blocked(begun[0])
            return result

        with connection.execute_wrapper(held_up):
            outcome = settled(first)
    (other,) = begun
    return outcome, other


def settled[F](act: Callable[[], F]) -> Future[F]:
    """With what it returned or raised."""
    future = Future[F]()
    try:
        future.set_result(act())
    except Exception as error:  # noqa: BLE001  # raised again by whoever asks for the result
        future.set_exception(error)
    return future


def wait_until_done_or_blocked(other: Future[Any]) -> None:
    assert wait_until(lambda: other.done() or somebody_waits_for_me(), seconds=LONGEST_SECONDS), (
        "neither done nor blocked"
    )


def somebody_waits_for_me() -> bool:
    """Whether another connection waits for a lock that this thread's own has."""
    with connection.cursor() as cursor:
        cursor.execute(BLOCKED_BY_ME)
        return cursor.rowcount > 0
