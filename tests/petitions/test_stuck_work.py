"""What no worker could finish says so on its page, which stops looking again, and goes on at the press of a button."""

import pytest
from django.db.models.functions import Now

from campaign.outbox.models import Item
from petitions.models import BatchState, Decision, JobState
from petitions.moderation import bulk
from petitions.paper.imports import handlers, undo
from tests.petitions.factories import make_confirmed, make_petition
from tests.petitions.paper import load, make_staff


@pytest.fixture
def desk(client, db):
    client.force_login(make_staff())
    return client


@pytest.fixture
def given_up(monkeypatch, outbox_drained):
    """Have every step fail until the work is dead."""

    def fail(module, name: str, attempts: int) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, lambda *args: 1 / 0)
            for _ in range(attempts):
                Item.objects.update(due_at=Now())
                outbox_drained()

    return fail


def test_a_decision(desk, given_up, outbox_drained):
    make_confirmed(petition := make_petition())
    job = bulk.propose(Decision(petition=petition, country="DE", why="a test"), by="staff")
    outbox_drained()
    bulk.start(job, by="staff")
    given_up(bulk, "do_step", bulk.DecisionHandler.max_attempts)
    page = desk.get(f"/admin/petitions/decision/{job.pk}/change/")
    assert "Refresh" not in page
    assert "ZeroDivisionError" in page.content.decode()
    desk.post(f"/admin/petitions/decision/{job.pk}/go-on/now/")
    outbox_drained()
    job.refresh_from_db()
    assert (job.state, job.problem, job.done) == (JobState.DONE, "", 1)
    assert not Item.objects.filter(kind=bulk.DECISION).exists()


def test_a_batch_of_paper_that_is_taken_back(desk, given_up, outbox_drained):
    batch = load(make_petition(), "Ana,,Street 1,DE")
    undo.start(batch)
    given_up(undo, "undo_step", handlers.UndoHandler.max_attempts)
    page = desk.get(f"/admin/petitions/paperbatch/{batch.pk}/change/")
    assert "Refresh" not in page
    assert "ZeroDivisionError" in page.content.decode()
    desk.post(f"/admin/petitions/paperbatch/{batch.pk}/undo/")
    outbox_drained()
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (BatchState.UNDONE, "")
    assert not Item.objects.filter(kind=undo.UNDO).exists()
