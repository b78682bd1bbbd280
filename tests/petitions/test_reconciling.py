"""After a disaster: jobs whose work is gone, counts that differ (manage.py reconcile)."""

import pytest

from campaign.outbox.models import Item
from petitions import counting, deciding, reconciling
from petitions.models import Decision, JobState, Tally
from tests.petitions.factories import make_confirmed, make_petition

pytestmark = pytest.mark.django_db


def test_a_decision_whose_work_is_gone_goes_on(outbox_drained):
    petition = make_petition()
    make_confirmed(petition)
    job = deciding.propose(Decision(petition=petition, country="DE", why="a test"), by="mo")
    Item.objects.all().delete()
    assert reconciling.go_on_with_decisions() == 1
    assert reconciling.go_on_with_decisions() == 0
    outbox_drained()
    job.refresh_from_db()
    assert (job.state, job.expected) == (JobState.READY, 1)


def test_counts_equal_the_rows_again():
    make_confirmed(make_petition())
    counting.aggregate()
    Tally.objects.update(count=7)
    assert reconciling.mend_counts() > 0
    assert reconciling.mend_counts() == 0
