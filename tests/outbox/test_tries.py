"""How tries of work ended is counted (campaign/outbox/monitoring/tries.py), as rows of work that is done are gone."""

from collections.abc import Iterator, Sequence

import pytest

from campaign.outbox import claims, execution
from campaign.outbox.handlers import Dead, Done, Outcome, Refused, Retry
from campaign.outbox.models import Item, Tries
from tests.outbox.factories import KIND, Obedient, claim_all, make_due, make_item

pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    return dict(Tries.objects.filter(kind=KIND).values_list("ending", "number"))


def test_what_a_batch_came_to_is_added_up():
    for n in range(3):
        make_item(n)
    execution.execute(KIND, claim_all())
    make_item(4)
    execution.execute(KIND, claim_all())
    assert counted() == {"done": 4}


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [
        (Retry("deferred"), "failed"),
        (Retry("away", is_spent=False), "put off"),
        (Refused("unknown"), "refused"),
        (Dead("spent"), "given up"),
    ],
)
def test_each_try_has_its_own_ending(outcome: Outcome, ending: str, monkeypatch):
    monkeypatch.setattr(Obedient, "run", lambda _handler, items: ((item, outcome) for item in items))
    make_item()
    execution.execute(KIND, claim_all())
    assert counted() == {ending: 1}


def test_a_handler_that_fails_has_tried_as_well(monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Obedient, "run", fail)
    make_item()
    execution.execute(KIND, claim_all())
    make_due()
    execution.execute(KIND, claim_all())
    assert counted() == {"failed": 2}
    assert Item.objects.get().attempts == 2


def test_the_last_try_that_fails_is_work_given_up(monkeypatch):
    monkeypatch.setattr(Obedient, "max_attempts", 1)
    make_item(fails=True)
    execution.execute(KIND, claim_all())
    assert counted() == {"given up": 1}


def test_what_was_done_before_a_fault_in_the_middle_is_counted_as_done(monkeypatch):
    def fail_after_one(_handler: Obedient, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        yield items[0], Done()
        raise ZeroDivisionError

    monkeypatch.setattr(Obedient, "run", fail_after_one)
    for n in range(3):
        make_item(n)
    execution.execute(KIND, claim_all())
    assert counted() == {"done": 1, "failed": 2}


def test_a_late_result_is_not_counted(monkeypatch):
    make_item()
    pairs = claim_all()
    run = Obedient.run

    def overtaken(handler: Obedient, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        claims.fence(Item.objects.get(pk=items[0].pk))
        return run(handler, items)

    monkeypatch.setattr(Obedient, "run", overtaken)
    execution.execute(KIND, pairs)
    assert counted() == {}
