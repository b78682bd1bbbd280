"""The moderators' desk (petitions/moderating.py, petitions/invalidating.py): cases 20, 23 and 25."""

import random

import pytest
from django.core.exceptions import ValidationError

from campaign.audit.models import Entry
from petitions import confirming, counting, invalidating, moderating
from petitions.models import Invalidation, JobState, Petition, Signature, State, Tally
from petitions.models.invalidation import Touched
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition() -> Petition:
    return make_petition()


def make_held(petition: Petition, address: str = "held@example.org", **fields) -> Signature:
    signature = make_signature(petition, address, **fields)
    Signature.objects.filter(pk=signature.pk).update(hold_reason="network")
    confirmed = confirming.confirm(token_of(signature))
    assert confirmed is not None
    assert confirmed.state == State.HELD
    return confirmed


def state_of(signature: Signature) -> str:
    return Signature.objects.get(pk=signature.pk).state


def shown() -> dict[str, int]:
    counting.aggregate()
    assert counting.differences() == []
    return {tally.country: tally.count for tally in Tally.objects.all() if tally.count}


def propose(petition: Petition, **fields) -> Invalidation:
    return invalidating.propose(Invalidation(petition=petition, why="a test", **fields), by="ada")


def test_what_is_released_counts_at_once(petition):
    held = make_held(petition)
    assert shown() == {}
    assert moderating.release([held.pk], by="ada") == 1
    assert shown() == {"DE": 1}
    entry = Entry.objects.get()
    assert (entry.who, entry.act, entry.details) == ("ada", "signatures.released", {"number": 1, "ids": str(held.pk)})


def test_releasing_twice_counts_once(petition):
    held = make_held(petition)
    moderating.release([held.pk], by="ada")
    assert moderating.release([held.pk], by="ada") == 0
    assert shown() == {"DE": 1}


def test_only_what_is_held_is_released(petition):
    pending = make_signature(petition)
    assert moderating.release([pending.pk], by="ada") == 0
    assert state_of(pending) == State.PENDING


def test_an_invalidated_signature_leaves_the_count_and_can_come_back(petition):
    signature = make_confirmed(petition)
    moderating.invalidate([signature.pk], by="ada")
    assert shown() == {}
    assert moderating.validate([signature.pk], by="ada") == 1
    assert shown() == {"DE": 1}


def test_an_invalidated_pending_signature_cannot_be_confirmed_nor_made_valid(petition):
    signature = make_signature(petition)
    moderating.invalidate([signature.pk], by="ada")
    assert confirming.confirm(token_of(signature)) is None
    assert moderating.validate([signature.pk], by="ada") == 0
    assert shown() == {}


def test_an_invalidation_changes_nothing_before_it_is_started(petition, outbox_drained):
    make_confirmed(petition)
    make_signature(petition, "p@example.org")
    job = propose(petition, country="DE")
    outbox_drained()
    job.refresh_from_db()
    assert (job.state, job.expected, job.found) == (JobState.READY, 2, {"confirmed": {"DE": 1}, "pending": {"DE": 1}})
    assert shown() == {"DE": 1}


def test_a_started_invalidation_takes_what_its_filter_says_and_no_other(petition, outbox_drained):
    other = make_petition("other")
    gone = [make_confirmed(petition, f"g{number}@example.org", country="JP") for number in range(3)]
    stays = [
        make_confirmed(petition, "de@example.org"),
        make_confirmed(other, "jp@example.org", country="JP"),
        make_held(petition, "held@example.org", country="JP"),
    ]
    job = propose(petition, country="JP", touched=Touched.CONFIRMED)
    later = make_confirmed(petition, "later@example.org", country="JP")
    outbox_drained()
    assert invalidating.start(job, by="ada")
    outbox_drained()
    assert {state_of(signature) for signature in gone} == {State.INVALIDATED}
    assert [state_of(signature) for signature in [*stays, later]] == ["confirmed", "confirmed", "held", "confirmed"]
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 3)
    counting.aggregate()
    assert counting.differences() == []
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["invalidation.proposed", "invalidation.running", "invalidation.done"]


@pytest.mark.parametrize("field", ["signed_from", "signed_until", "hold_reason", "channel"])
def test_every_part_of_the_filter_narrows_it(petition, outbox_drained, field):
    match = make_held(petition, "match@example.org")
    stays = make_held(petition, "stays@example.org")
    values = {
        "signed_from": ("signed_on", "2020-01-02", "2020-01-01", "2020-01-02"),
        "signed_until": ("signed_on", "2020-01-02", "2020-01-03", "2020-01-02"),
        "hold_reason": ("hold_reason", "domain", "network", "domain"),
        "channel": ("channel", "paper", "web", "paper"),
    }
    column, of_match, of_other, asked = values[field]
    Signature.objects.filter(pk=match.pk).update(**{column: of_match})
    Signature.objects.filter(pk=stays.pk).update(**{column: of_other})
    job = propose(petition, **{field: asked})
    assert not invalidating.start(job, by="ada")  # before it is counted
    outbox_drained()
    invalidating.start(job, by="ada")
    outbox_drained()
    assert (state_of(match), state_of(stays)) == (State.INVALIDATED, State.HELD)


def test_undoing_gives_every_signature_the_state_that_it_had(petition, outbox_drained, monkeypatch):
    monkeypatch.setattr(invalidating, "SLICE", 2)
    before = [
        make_confirmed(petition, "a@example.org"),
        make_held(petition, "b@example.org"),
        make_signature(petition, "c@example.org"),
        make_confirmed(petition, "d@example.org"),
    ]
    alone = make_confirmed(petition, "alone@example.org")
    moderating.invalidate([alone.pk], by="ada")
    job = propose(petition, country="DE")
    outbox_drained()
    invalidating.start(job, by="ada")
    outbox_drained()
    assert shown() == {}
    assert invalidating.undo(job, by="ada")
    outbox_drained()
    assert [state_of(signature) for signature in before] == ["confirmed", "held", "pending", "confirmed"]
    assert state_of(alone) == State.INVALIDATED
    assert shown() == {"DE": 2}
    job.refresh_from_db()
    assert (job.state, job.undone) == (JobState.UNDONE, 4)


def test_a_cancelled_invalidation_stops_behind_its_slice_and_can_go_on(petition, outbox_drained, monkeypatch):
    monkeypatch.setattr(invalidating, "SLICE", 2)
    for number in range(5):
        make_confirmed(petition, f"p{number}@example.org")
    job = propose(petition, country="DE")
    outbox_drained()
    invalidating.start(job, by="ada")
    assert invalidating.step(job.pk)
    assert invalidating.cancel(job, by="ada")
    outbox_drained()
    assert shown() == {"DE": 3}
    invalidating.start(job, by="ada")
    outbox_drained()
    assert shown() == {}


def test_a_job_whose_worker_dies_in_a_slice_is_done_by_the_next_and_counts_once(petition, outbox_drained, monkeypatch):
    for number in range(3):
        make_confirmed(petition, f"p{number}@example.org")
    job = propose(petition, country="DE")
    outbox_drained()
    invalidating.start(job, by="ada")
    with monkeypatch.context() as dying:
        dying.setattr(invalidating, "saved", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            invalidating.step(job.pk)
    assert shown() == {"DE": 3}
    outbox_drained()
    assert shown() == {}


def test_any_sequence_of_decisions_ends_with_equal_counts(petition, outbox_drained, monkeypatch):
    monkeypatch.setattr(invalidating, "SLICE", 3)
    chance = random.Random(25)
    makers = [make_confirmed, make_held, make_signature]
    for number in range(24):
        chance.choice(makers)(petition, f"p{number}@example.org", country=chance.choice(["DE", "JP", "FR"]))
    ids = list(Signature.objects.values_list("pk", flat=True))
    for _ in range(25):
        some = chance.sample(ids, 5)
        match chance.randrange(5):
            case 0:
                moderating.release(some, by="ada")
            case 1:
                moderating.invalidate(some, by="ada")
            case 2:
                moderating.validate(some, by="ada")
            case 3:
                job = propose(petition, country=chance.choice(["DE", "JP", "FR"]))
                outbox_drained()
                invalidating.start(job, by="ada")
                outbox_drained()
            case _:
                for job in Invalidation.objects.filter(state=JobState.DONE)[:1]:
                    invalidating.undo(job, by="ada")
                    outbox_drained()
        shown()


def test_a_filter_that_takes_everything_is_refused(petition):
    with pytest.raises(ValidationError, match="not everything at once"):
        Invalidation(petition=petition, why="oops").full_clean()
