"""Limits (campaign/protection/limits/rate_limits.py)."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from campaign.protection.limits import rate_limits
from campaign.protection.limits.rate_limits import CONFIRMATION_MAIL, Limit, take
from campaign.protection.models import Allowance

KEY = b"k" * 32


def let_pass(time: timedelta) -> None:
    """Move every grant into the past."""
    values: dict[str, Any] = {"t": time}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE protection_allowance SET forget_at = forget_at - %(t)s,"
            " granted_at = array(SELECT g - %(t)s FROM unnest(granted_at) g)",
            values,
        )


def test_one_mail_in_fifteen_minutes_and_three_a_day(db):
    taken = []
    for _ in range(5):
        taken += [take(KEY, CONFIRMATION_MAIL), take(KEY, CONFIRMATION_MAIL)]
        let_pass(timedelta(minutes=16))
    assert taken == [True, False, True, False, True, False, False, False, False, False]
    let_pass(timedelta(days=1))
    assert take(KEY, CONFIRMATION_MAIL)


def test_keys_do_not_share_an_allowance(db):
    assert take(KEY, CONFIRMATION_MAIL)
    assert take(b"other", CONFIRMATION_MAIL)


def test_what_no_limit_needs_is_forgotten(db):
    take(KEY, CONFIRMATION_MAIL)
    assert rate_limits.forget() == 0
    Allowance.objects.update(forget_at=Now() - timedelta(seconds=1))
    assert rate_limits.forget() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_the_same_moment_only_as_many_as_allowed_are_granted():
    barrier, granted = Barrier(12), []

    def ask() -> None:
        barrier.wait(60)
        granted.append(take(KEY, (Limit(3, timedelta(days=1)),)))
        connection.close()

    threads = [Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 3
