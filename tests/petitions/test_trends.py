"""Where signatures came from lately (petitions/counting/trends.py)."""

import pytest

from campaign.outbox import claims
from campaign.outbox.models import Item
from campaign.protection.models import DomainRule
from petitions.counting import trends
from petitions.models import Petition, Trend
from petitions.signing import followups
from tests.petitions.factories import make_petition, make_signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition() -> Petition:
    return make_petition()


def test_a_domain_of_ones_own_is_never_written_down(petition, outbox_drained):
    for number in range(trends.NAMED_FROM - 1):
        make_signature(petition, f"p{number}@family.example")
    outbox_drained()
    assert Trend.objects.get().domain == ""
    make_signature(petition, "last@family.example")
    outbox_drained()
    assert Trend.objects.get().domain == "family.example"


def test_what_was_held_is_counted_in_the_trend(petition, outbox_drained):
    DomainRule.objects.create(pattern="made-up.example", verdict="blocked")
    make_signature(petition, "ana@made-up.example")
    make_signature(petition, "bob@made-up.example")
    outbox_drained()
    assert (Trend.objects.get().count, Trend.objects.get().held) == (2, 2)


def test_somebody_who_signs_again_is_counted_once_in_the_trend(petition, outbox_drained):
    for _ in range(3):
        make_signature(petition)
        outbox_drained()
    assert Trend.objects.get().count == 1


def test_a_worker_that_comes_too_late_counts_nobody_in_the_trend(petition):
    make_signature(petition)
    late = Item.objects.get()
    claims.fence(Item.objects.get())
    followups.note([late])
    assert not Trend.objects.exists()


def test_trends_are_forgotten_after_two_days(petition, outbox_drained):
    make_signature(petition)
    outbox_drained()
    assert trends.delete_old_trends() == 0
    Trend.objects.update(hour="2020-01-01T00:00Z")
    assert trends.delete_old_trends() == 1
