"""Work is shared by how long it takes (campaign/outbox/slow_work/): no batch outlasts its worker, none stands idle."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from campaign.outbox import claims, execution, handlers, relay, tasks
from campaign.outbox.handlers import Done, Item, Outcome, Retry
from campaign.outbox.models import Pace, State
from campaign.outbox.slow_work import pace
from tests.outbox.factories import KIND, Obedient, claim_all, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(monkeypatch) -> list[list[claims.Pair]]:
    """What the relay gives to Celery, which is not there."""
    messages: list[list[claims.Pair]] = []
    monkeypatch.setattr(tasks.execute, "apply_async", lambda args, **options: messages.append(args[1]))
    return messages


@pytest.fixture
def short_turn(monkeypatch) -> None:
    monkeypatch.setattr(Obedient, "turn_seconds", 0)


def make_items(number: int) -> None:
    for n in range(number):
        make_item(n)


@pytest.mark.usefixtures("short_turn")
def test_when_a_turn_is_over_the_rest_of_the_batch_waits_for_whoever_is_free_as_if_never_begun():
    make_items(3)
    execution.execute(KIND, claim_all())
    assert len(Obedient.seen) == 1
    assert list(Item.objects.values_list("state", "attempts", "leased_until")) == [(State.WAITING, 0, None)] * 2
    assert len(claim_all()) == 2


@pytest.mark.usefixtures("short_turn")
def test_an_attempt_that_was_spent_before_stays_spent():
    make_items(2)
    Item.objects.update(attempts=1)
    execution.execute(KIND, claim_all())
    assert Item.objects.get().attempts == 1


@pytest.mark.usefixtures("short_turn")
def test_a_worker_that_was_overtaken_gives_nothing_back(monkeypatch):
    make_items(2)
    run = Obedient.run

    def overtaken(handler: Obedient, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        claims.fence(Item.objects.get(pk=items[1].pk))
        return run(handler, items)

    monkeypatch.setattr(Obedient, "run", overtaken)
    execution.execute(KIND, claim_all())
    assert Item.objects.get().state == State.RUNNING


@pytest.mark.usefixtures("short_turn")
def test_a_handler_whose_turn_is_over_closes_what_it_opened(monkeypatch):
    closed: list[bool] = []

    def run(handler: Obedient, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        try:
            yield from ((item, Done()) for item in items)
        finally:
            closed.append(Item.objects.filter(state=State.RUNNING).exists())

    make_items(2)
    monkeypatch.setattr(Obedient, "run", run)
    execution.execute(KIND, claim_all())
    assert closed == [True]  # before anybody else could have begun with the rest


def test_quick_work_travels_in_full_batches(published):
    make_items(250)
    relay.relay_kind(KIND, handlers.handler_for(KIND))
    assert [len(pairs) for pairs in published] == [100, 100, 50]


def test_slow_work_goes_one_to_a_message_and_waits_in_postgresql(published):
    Pace.objects.create(kind=KIND, seconds=10)
    make_items(50)
    assert relay.relay() == pace.LEAST_BACKLOG
    assert [len(pairs) for pairs in published] == [1] * pace.LEAST_BACKLOG
    assert relay.relay() == 0
    claims.begin(published[0], lease=timedelta(minutes=1))
    assert relay.relay() == 1
    assert Counter(Item.objects.values_list("state", flat=True)) == {"waiting": 45, "published": 4, "running": 1}


def seconds() -> float | None:
    return Pace.objects.filter(kind=KIND).values_list("seconds", flat=True).first()


class Stopped:
    """A clock that stands still, so that nothing takes longer than a test says."""

    @staticmethod
    def monotonic() -> float:
        return 1000.0


@pytest.fixture
def stopped_clock(monkeypatch) -> None:
    monkeypatch.setattr(pace, "time", Stopped)


def watched(took: float, *outcomes: Outcome) -> None:
    """A batch with these outcomes that took so many seconds."""
    watch = pace.Watch(KIND, Obedient())
    watch.begun_at -= took
    for outcome in outcomes:
        watch.note((Item(), outcome), [None])
    watch.record()


@pytest.mark.usefixtures("stopped_clock")
def test_what_is_slow_is_known_at_once_and_what_has_become_quick_is_forgotten_soon():
    watched(0.1, *[Done()] * 10)
    assert seconds() is None
    watched(10, Done())
    assert seconds() == pytest.approx(10)
    watched(2, Done())
    assert seconds() == pytest.approx(6)
    for _ in range(12):
        watched(0, *[Done()] * 10)
    assert seconds() is None


@pytest.mark.usefixtures("stopped_clock")
def test_waiting_for_a_server_that_is_away_teaches_nothing():
    watched(20, Done(), Retry("away", is_spent=False))
    assert seconds() is None
    watched(20, Retry("deferred, after a long time"))
    assert seconds() == pytest.approx(20)
