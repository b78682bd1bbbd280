"""The moderators' desk (petitions/moderation/decisions.py, petitions/moderation/bulk.py): cases 20, 23 and 25."""

import pytest
from django.core.exceptions import ValidationError

from campaign.audit.models import Entry
from petitions.counting import events, recount
from petitions.data_requests import self_service
from petitions.models import Decision, JobState, Petition, Signature, State, Tally, Voice
from petitions.models.moderation.decision import FORGOTTEN, Act, Touched
from petitions.models.signature import HoldReason
from petitions.moderation import bulk, decisions, public_comments
from petitions.public.comments import PublicComment
from petitions.signing import confirming
from tests.petitions.factories import make_confirmed, make_held, make_petition, make_signature, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition() -> Petition:
    return make_petition()


def state_of(signature: Signature) -> str:
    return Signature.objects.get(pk=signature.pk).state


def shown() -> dict[str, int]:
    events.aggregate()
    assert recount.differences() == []
    return {tally.country: tally.count for tally in Tally.objects.all() if tally.count}


def propose(petition: Petition, **fields) -> Decision:
    return bulk.propose(Decision(petition=petition, why="a test", **fields), by="ada")


def test_what_is_released_counts_at_once(petition):
    held = make_held(petition)
    assert shown() == {}
    assert decisions.release([held.pk], by="ada") == [held.pk]
    assert shown() == {"DE": 1}
    entry = Entry.objects.get()
    assert (entry.who, entry.act, entry.details) == ("ada", "signatures.released", {"number": 1, "ids": str(held.pk)})


def test_releasing_twice_counts_once(petition):
    held = make_held(petition)
    decisions.release([held.pk], by="ada")
    assert decisions.release([held.pk], by="ada") == []
    assert shown() == {"DE": 1}


def test_only_what_is_held_is_released(petition):
    pending = make_signature(petition)
    assert decisions.release([pending.pk], by="ada") == []
    assert state_of(pending) == State.PENDING


def test_an_invalidated_signature_leaves_the_count_and_can_come_back(petition):
    signature = make_confirmed(petition)
    decisions.invalidate([signature.pk], by="ada")
    assert shown() == {}
    assert decisions.restore_valid([signature.pk], by="ada") == [signature.pk]
    assert shown() == {"DE": 1}


def test_an_invalidated_pending_signature_cannot_be_confirmed_nor_made_valid(petition):
    signature = make_signature(petition)
    decisions.invalidate([signature.pk], by="ada")
    assert confirming.confirm(token_of(signature)) is None
    assert decisions.restore_valid([signature.pk], by="ada") == []
    assert shown() == {}


def test_an_invalidation_changes_nothing_before_it_is_started(petition, outbox_drained):
    make_confirmed(petition)
    make_signature(petition, "p@example.org")
    job = propose(petition, country="DE")
    outbox_drained()
    job.refresh_from_db()
    assert (job.state, job.expected, job.found) == (JobState.READY, 2, {"confirmed": {"DE": 1}, "pending": {"DE": 1}})
    assert sorted(job.found_in_words) == [("confirmed", "Germany", 1), ("pending", "Germany", 1)]
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
    assert bulk.start(job, by="ada")
    outbox_drained()
    assert {state_of(signature) for signature in gone} == {State.INVALIDATED}
    assert [state_of(signature) for signature in [*stays, later]] == ["confirmed", "confirmed", "held", "confirmed"]
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 3)
    events.aggregate()
    assert recount.differences() == []
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["invalidate.proposed", "invalidate.running", "invalidate.done"]


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
    assert not bulk.start(job, by="ada")  # before it is counted
    outbox_drained()
    bulk.start(job, by="ada")
    outbox_drained()
    assert (state_of(match), state_of(stays)) == (State.INVALIDATED, State.HELD)


def test_undoing_gives_every_signature_the_state_that_it_had(petition, outbox_drained, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    before = [
        make_confirmed(petition, "a@example.org"),
        make_held(petition, "b@example.org"),
        make_signature(petition, "c@example.org"),
        make_confirmed(petition, "d@example.org"),
    ]
    alone = make_confirmed(petition, "alone@example.org")
    decisions.invalidate([alone.pk], by="ada")
    job = propose(petition, country="DE")
    outbox_drained()
    bulk.start(job, by="ada")
    outbox_drained()
    assert shown() == {}
    assert bulk.undo_job(job, by="ada")
    outbox_drained()
    assert [state_of(signature) for signature in before] == ["confirmed", "held", "pending", "confirmed"]
    assert state_of(alone) == State.INVALIDATED
    assert shown() == {"DE": 2}
    job.refresh_from_db()
    assert (job.state, job.undone) == (JobState.UNDONE, 4)


def test_what_was_forgotten_is_not_said_to_be_undone(petition, outbox_drained):
    make_confirmed(petition)
    job = propose(petition, country="DE")
    outbox_drained()
    bulk.start(job, by="ada")
    outbox_drained()
    Decision.objects.update(trace=FORGOTTEN)
    assert not bulk.undo_job(job, by="ada")


def held_from(petition: Petition, country: str, number: int) -> list[Signature]:
    return [make_held(petition, f"{country}{one}@example.org", country=country) for one in range(number)]


def test_what_a_filter_holds_is_released_in_slices_and_taken_back(petition, outbox_drained, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    released, stays = held_from(petition, "JP", 5), held_from(petition, "DE", 1)
    counted, waiting = make_confirmed(petition, country="JP"), make_signature(petition, "p@example.org", country="JP")
    job = propose(petition, country="JP", act=Act.RELEASE)
    outbox_drained()
    job.refresh_from_db()
    assert (job.expected, job.found, shown()) == (5, {"held": {"JP": 5}}, {"JP": 1})
    bulk.start(job, by="ada")
    outbox_drained()
    assert shown() == {"JP": 6}
    assert [state_of(one) for one in [*released, *stays, waiting]] == [*["confirmed"] * 5, "held", "pending"]
    assert bulk.undo_job(job, by="ada")
    outbox_drained()
    assert shown() == {"JP": 1}
    assert {(one.state, one.hold_reason) for one in Signature.objects.filter(country="JP").exclude(pk=counted.pk)} == {
        ("held", HoldReason.RETURNED),
        ("pending", ""),
    }
    acts = set(Entry.objects.values_list("act", flat=True))
    assert acts == {f"release.{act}" for act in ("proposed", "running", "done", "undoing", "undone")}


def test_what_happened_to_a_released_signature_since_stays_when_its_release_is_taken_back(petition, outbox_drained):
    withdrawn, invalidated, left = held_from(petition, "JP", 3)
    job = propose(petition, country="JP", act=Act.RELEASE)
    outbox_drained()
    bulk.start(job, by="ada")
    outbox_drained()
    self_service.withdraw(withdrawn)
    decisions.invalidate([invalidated.pk], by="ada")
    bulk.undo_job(job, by="ada")
    outbox_drained()
    assert [state_of(one) for one in (withdrawn, invalidated, left)] == ["withdrawn", "invalidated", "held"]
    assert shown() == {}


def test_a_reason_is_shown_no_longer_while_its_signature_is_held_again(petition, outbox_drained):
    signature = make_held(make_petition("aloud", asks_why=True), said=PublicComment("Because.", "Ana", is_public=True))
    job = propose(signature.petition, country="DE", act=Act.RELEASE)
    outbox_drained()
    bulk.start(job, by="ada")
    outbox_drained()
    public_comments.approve_comments({signature.pk: signature.voice.mark_of_words}, by="ada")
    bulk.undo_job(job, by="ada")
    outbox_drained()
    assert not Voice.objects.approved().exists()
    assert not Voice.objects.to_read().exists()
    decisions.release([signature.pk], by="ada")
    assert Voice.objects.to_read().exists()


def test_a_cancelled_invalidation_stops_behind_its_slice_and_can_go_on(petition, outbox_drained, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    for number in range(5):
        make_confirmed(petition, f"p{number}@example.org")
    job = propose(petition, country="DE")
    outbox_drained()
    bulk.start(job, by="ada")
    assert bulk.do_step(job.pk)
    assert bulk.cancel(job, by="ada")
    outbox_drained()
    assert shown() == {"DE": 3}
    assert Decision.objects.get().left == 3
    bulk.start(job, by="ada")
    outbox_drained()
    assert shown() == {}


def test_a_job_whose_worker_dies_in_a_slice_is_done_by_the_next_and_counts_once(petition, outbox_drained, monkeypatch):
    for number in range(3):
        make_confirmed(petition, f"p{number}@example.org")
    job = propose(petition, country="DE")
    outbox_drained()
    bulk.start(job, by="ada")
    with monkeypatch.context() as dying:
        dying.setattr(bulk, "saved", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bulk.do_step(job.pk)
    assert shown() == {"DE": 3}
    outbox_drained()
    assert shown() == {}


def test_only_what_is_held_can_be_asked_to_be_released(petition):
    with pytest.raises(ValidationError, match="Only what is held"):
        Decision(petition=petition, act=Act.RELEASE, country="DE", touched=Touched.CONFIRMED, why="a test").full_clean()


def test_a_filter_that_takes_everything_is_refused(petition):
    with pytest.raises(ValidationError, match="not everything at once"):
        Decision(petition=petition, why="oops").full_clean()
