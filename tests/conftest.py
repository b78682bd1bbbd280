"""Fixtures for every test: a real PostgreSQL, and the outbox run by hand where Celery is not what is tested."""

from collections.abc import Callable

import pytest

from campaign.outbox import claims, execution
from campaign.outbox.handlers import handler_for, kinds


def drain() -> int:
    """Do all due work in this process, claim by claim as the relay and a worker would; how many items were begun."""
    begun = 0
    while rows := [
        (kind, row) for kind in kinds() for row in claims.claim(kind, limit=500, lease=handler_for(kind).lease)
    ]:
        for kind in kinds():
            pairs = [(pk, token) for its_kind, (pk, token, _) in rows if its_kind == kind]
            execution.execute(kind, pairs)
        begun += len(rows)
    return begun


@pytest.fixture
def outbox_drained(db: None) -> Callable[[], int]:
    return drain
