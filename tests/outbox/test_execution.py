"""Claims, leases and outcomes (campaign/outbox): nothing lost, nothing done twice, nothing in an endless loop."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from campaign.outbox import claims, execution, handlers, queue, relay, tasks
from campaign.outbox.handlers import Done, Together
from campaign.outbox.maintenance import sweep
from campaign.outbox.models import Item, State
from tests.outbox.factories import KIND, Obedient, claim_all, expire_leases, make_due, make_item

pytestmark = pytest.mark.django_db


def test_work_is_done_once_and_its_row_is_gone():
    make_item()
    execution.execute(KIND, claim_all())
    assert Obedient.seen == [1]
    assert not Item.objects.exists()


def test_a_message_delivered_five_times_and_shuffled_has_one_effect():
    for n in range(10):
        make_item(n)
    messages = [[pair] for pair in claim_all()] * 5
    random.Random(1).shuffle(messages)
    for pairs in messages:
        execution.execute(KIND, pairs)
    assert sorted(Obedient.seen) == list(range(10))


def test_work_put_in_a_transaction_that_fails_never_existed():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_item()
        raise ZeroDivisionError
    assert claim_all() == []


def test_a_claimed_row_is_not_claimed_again_before_its_lease_ends():
    make_item()
    assert len(claim_all()) == 1
    assert claim_all() == []
    sweep.sweep()
    assert claim_all() == []


def test_a_published_row_whose_message_was_lost_goes_round_again_without_costing_an_attempt():
    make_item()
    lost = claim_all()
    expire_leases()
    assert sweep.sweep() == 1
    execution.execute(KIND, claim_all())
    execution.execute(KIND, lost)
    assert Obedient.seen == [1]


def test_a_worker_that_vanished_costs_an_attempt_and_its_late_result_is_refused():
    make_item()
    (item,) = claims.begin(claim_all(), lease=timedelta(seconds=60))
    expire_leases()
    sweep.sweep()
    assert not execution.settle(item, Done(), Obedient())
    row = Item.objects.get()
    assert (row.state, row.attempts) == (State.WAITING, 1)
    assert "stopped" in row.reason


def test_a_result_that_comes_too_late_records_nothing():
    recorded: list[str] = []
    make_item()
    (item,) = claims.begin(claim_all(), lease=timedelta(seconds=60))
    expire_leases()
    sweep.sweep()
    assert not execution.settle(item, Done(lambda: recorded.append("late")), Obedient())
    assert recorded == []


@pytest.mark.parametrize("is_begun", [False, True], ids=["published anew", "begun by another"])
def test_a_message_of_an_older_token_wins_nothing(is_begun):
    make_item()
    old = claim_all()
    expire_leases()
    sweep.sweep()
    new = claim_all()
    assert len(claims.begin(new, lease=timedelta(seconds=60))) == 1 if is_begun else new
    assert claims.begin(old, lease=timedelta(seconds=60)) == []


def test_a_message_that_comes_again_wins_nothing_from_the_worker_that_has_begun():
    make_item()
    pairs = claim_all()
    assert len(claims.begin(pairs, lease=timedelta(seconds=60))) == 1
    assert claims.begin(pairs, lease=timedelta(seconds=60)) == []


def test_a_row_of_which_nothing_can_be_told_holds_up_no_other(monkeypatch):
    """The relay sweeps: it would end with an error at every start."""
    poison, good, unknown = make_item(1), make_item(2), make_item(3)
    claims.begin(claim_all(), lease=timedelta(seconds=60))
    Item.objects.filter(pk=unknown.pk).update(kind="tests.removed")
    expire_leases()

    def tell(handler: Obedient, item: Item) -> handlers.Outcome:
        if item.pk == good.pk:
            return Done()
        raise KeyError

    monkeypatch.setattr(Obedient, "abandoned", tell)
    assert sweep.sweep() == 1
    assert set(Item.objects.filter(state=State.RUNNING)) == {poison, unknown}


def test_failing_work_waits_longer_each_time_and_is_given_up_in_the_end():
    make_item(fails=True)
    for _ in range(Obedient.max_attempts):
        make_due()
        execution.execute(KIND, claim_all())
    assert Item.objects.get().state == State.DEAD
    assert Obedient.given_up == [1]


def test_poison_in_a_batch_spoils_nobody_elses_work():
    for n in range(6):
        make_item(n, **({"raises": True} if n == 2 else {}))
    execution.execute(KIND, claim_all())
    for _ in range(Obedient.max_attempts):
        make_due()
        for pair in claim_all():
            execution.execute(KIND, [pair])
    dead = Item.objects.get()
    assert (dead.payload["n"], dead.state) == (2, State.DEAD)
    assert "ValueError" in dead.reason
    assert "ana@" not in dead.reason
    assert set(Obedient.seen) == set(range(6))


def test_staff_can_try_dead_work_again():
    item = make_item()
    Item.objects.update(state=State.DEAD, attempts=8)
    assert queue.retry(item)
    execution.execute(KIND, claim_all())
    assert not Item.objects.exists()


def test_what_failed_before_is_published_alone_and_the_rest_in_batches():
    rows = [(1, 1, 0), (2, 1, 2), (3, 1, 0), (4, 1, 0)]
    published = list(relay.messages(rows, 2))
    assert [pairs for pairs, _ in published] == [[(1, 1), (3, 1)], [(4, 1)], [(2, 1)]]
    assert [bool(options) for _, options in published] == [False, False, True]


def test_when_the_broker_fails_what_was_not_published_waits_again_and_nothing_else(monkeypatch):
    for n in range(4):
        make_item(n)
    failed = Item.objects.order_by("pk")[0]
    Item.objects.filter(pk=failed.pk).update(attempts=1)
    published: list[claims.Pair] = []

    def publish(args: tuple[str, list[claims.Pair]], **options: object) -> None:
        if published:
            raise OperationalError
        published.extend(args[1])

    monkeypatch.setattr(tasks.execute, "apply_async", publish)
    monkeypatch.setattr(Obedient, "batch_size", 2)
    with pytest.raises(OperationalError):
        relay.relay_kind(KIND, handlers.handler_for(KIND))
    in_flight = set(Item.objects.in_flight().values_list("pk", flat=True))
    assert in_flight == {pk for pk, _token in published}
    assert failed.pk not in in_flight


def test_waiting_work_can_be_cancelled_and_begun_work_cannot():
    make_item(1)
    make_item(2)
    assert queue.forget([KIND], [1]) == 1
    claim_all()
    assert queue.forget([KIND], [2]) == 0


@pytest.mark.parametrize("state", [State.DEAD, State.REFUSED])
def test_what_was_given_up_can_be_cancelled_and_its_address_goes_with_it(state):
    make_item()
    Item.objects.update(state=state)
    assert queue.forget([KIND], [1]) == 1


def test_no_personal_data_stands_in_a_row():
    make_item()
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text, encode(sealed_secret, 'escape') FROM outbox_item i")
        row = repr(cursor.fetchall())
    assert "ana@" not in row
    assert "example.org" not in row


def test_what_is_done_together_is_recorded_once_and_late_results_are_left_out():
    for n in range(3):
        make_item(n)
    items = claims.begin(claim_all(), lease=timedelta(minutes=1))
    claims.fence(Item.objects.get(pk=items[0].pk))
    recorded: list[Item] = []
    execution.finish_together(Together(items, recorded.extend), Counter())
    assert [item.pk for item in recorded] == [item.pk for item in items[1:]]
    assert Item.objects.get().pk == items[0].pk


def test_what_is_done_together_stays_if_it_cannot_be_recorded():
    make_item()
    items = claims.begin(claim_all(), lease=timedelta(minutes=1))

    def fail(held: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        execution.finish_together(Together(items, fail), Counter())
    assert Item.objects.count() == 1


def test_a_column_that_a_newer_release_adds_does_not_stop_the_workers_of_this_one():
    """Statements are prepared once they were run some times, and keep the shape of their answer."""
    for n in range(10):
        make_item(n)
        execution.execute(KIND, claim_all())
    with connection.cursor() as cursor:
        cursor.execute("DO 'BEGIN ALTER TABLE outbox_item ADD COLUMN newer integer; END'")  # unseen by psycopg
    make_item(10)
    execution.execute(KIND, claim_all())
    assert Obedient.seen == list(range(11))
