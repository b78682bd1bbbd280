"""Counting anew (recount.py): what is found wrong is right afterwards, and traffic goes on beside it."""

import re
from datetime import UTC, datetime
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from petitions.counting import events, recount
from petitions.data_requests import self_service
from petitions.models import CountEvent, HourTally, Petition, Signature, Tally, Total
from petitions.moderation import decisions
from petitions.signing import confirming
from standalone.supervision.process import wait_until
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of
from tests.race import somebody_waits_for_me


def test_recount_check_finds_a_wrong_count_and_recount_mends_it(db):
    petition = make_petition()
    make_confirmed(petition)
    events.aggregate()
    Tally.objects.update(count=7)
    with pytest.raises(CommandError):
        call_command("recount", "--check", stdout=StringIO())
    call_command("recount", stdout=StringIO())
    call_command("recount", "--check", stdout=StringIO())
    assert Petition.objects.for_display().get(pk=petition.pk).count == 1


def test_each_difference_tells_how_many_rows_there_are(db):
    petition = make_petition()
    make_confirmed(petition)
    events.aggregate()
    make_confirmed(petition, "waits@example.org")
    assert recount.differences() == []
    Tally.objects.update(count=7)
    assert [(one.place[:6], one.rows, one.shown) for one in recount.differences()] == [("DE web", 2, 8)]
    Total.objects.update(count=9)
    assert [(one.place[:6], one.rows, one.shown) for one in recount.differences()] == [
        ("DE web", 2, 8),
        ("total", 2, 10),
    ]


def test_recount_makes_the_total_of_a_petition_that_has_none_yet(db):
    petition = make_petition()
    make_confirmed(petition)
    recount.recount()
    assert recount.differences() == []
    assert Petition.objects.for_display().get(pk=petition.pk).count == 1


def test_recount_loses_no_hour_and_mends_hours_that_are_wrong(db):
    petition = make_petition()
    make_confirmed(petition)
    CountEvent.objects.update(noted_at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC))
    recount.recount()
    assert list(HourTally.objects.values_list("hour", "change")) == [(datetime(2026, 11, 1, 9, tzinfo=UTC), 1)]
    HourTally.objects.update(change=3)
    assert [difference.place for difference in recount.differences()] == ["hours"]
    recount.recount()
    assert recount.differences() == []
    assert HourTally.objects.latest("hour").change == -2


def confirm(signature: Signature) -> None:
    confirming.confirm(token_of(signature))


def invalidate(signature: Signature) -> None:
    decisions.invalidate([signature.pk], by="staff")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("make", "act"), [(make_signature, confirm), (make_confirmed, invalidate), (make_confirmed, self_service.forget)]
)
def test_recount_runs_beside_traffic(make, act):
    """Whoever counts has done the first half of it, then the recount begins: both come to an end."""
    signature = make(make_petition())
    recounting = Thread(target=recount_elsewhere, args=[found := list[list[recount.CountDifference]]()])

    def begin_after_the_first_half(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if WRITES.match(sql) and not recounting.ident:
            recounting.start()
            assert wait_until(somebody_waits_for_me, seconds=60)
        return result

    with transaction.atomic(), connection.execute_wrapper(begin_after_the_first_half):
        act(signature)
    recounting.join()
    assert found == [[]]


WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "petitions_(signature|countevent)"')


def recount_elsewhere(found: list[list[recount.CountDifference]]) -> None:
    try:
        recount.recount()
        found.append(recount.differences())
    finally:
        connection.close()
