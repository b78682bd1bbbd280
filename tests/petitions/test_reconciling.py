"""After a disaster: jobs whose work is gone, counts that differ (manage.py reconcile)."""

import pytest

from campaign.outbox.models import Item
from petitions.counting import events, monitoring
from petitions.models import Decision, JobState, Tally
from petitions.moderation import bulk
from tests.petitions.factories import make_confirmed, make_petition

pytestmark = pytest.mark.django_db


def test_a_decision_whose_work_is_gone_goes_on(outbox_drained):
    petition = make_petition()
    make_confirmed(petition)
    job = bulk.propose(Decision(petition=petition, country="DE", why="a test"), by="mo")
    Item.objects.all().delete()
    assert bulk.put_missing_work() == 1
    assert bulk.put_missing_work() == 0
    outbox_drained()
    job.refresh_from_db()
    assert (job.state, job.expected) == (JobState.READY, 1)


def test_counts_equal_the_rows_again():
    make_confirmed(make_petition())
    events.aggregate()
    Tally.objects.update(count=7)
    assert monitoring.mend_counts() > 0
    assert monitoring.mend_counts() == 0
