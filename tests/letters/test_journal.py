"""What the journal keeps of letters, and what a restored database makes of it (campaign/journal/)."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import transaction

from campaign.journal import files, journal
from campaign.journal.models import Position
from campaign.outbox.models import Item
from letters.delivery import attempts, staff_actions
from letters.delivery.channels.email import EmailChannel
from letters.delivery.paper import print_runs
from letters.models import Attempt, Constituent, Delivery, Letter
from letters.models.deliveries import TO_BE_PRINTED
from letters.models.delivery_states import State
from letters.submission import replay, retention, workflow
from tests.conftest import forget_journal
from tests.letters.factories import (
    begin,
    make_addressed_office,
    make_campaign,
    make_confirmed,
    make_due,
    make_offices,
    make_ready,
    make_submission,
)
from tests.letters.moody_sink import MoodySink

pytestmark = pytest.mark.django_db(transaction=True)


def lines() -> list[dict[str, Any]]:
    paths = sorted(Path(site_settings.JOURNAL_FOLDER).glob("*/*.jsonl"))
    return [line for path in paths for line in files.read(path) if line["k"] in {"letter", "constituent"}]


def restored(delivery: Delivery, **before: Any) -> Delivery:
    """As it stood in the backup, after the journal was applied to that."""
    said = lines()
    Attempt.objects.all().delete()
    Delivery.objects.filter(pk=delivery.pk).update(
        **{"state": State.READY, "channel": "", "held_because": "", "printed_at": None, "attempts_made": 0, **before}
    )
    settle_again([line for line in said if line["k"] == "letter"])
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def settle_again(said: list[dict[str, Any]]) -> None:
    replay.settle_again(said)


def letters_at(sink: MoodySink) -> int:
    return sum("mail@office.example" in mail.recipients for mail in sink.mails)


@pytest.fixture
def unwritable(settings, tmp_path) -> None:
    (tmp_path / "file").write_text("no folder can be made below this")
    settings.JOURNAL_FOLDER = tmp_path / "file"
    forget_journal()


def hand_over(delivery: Delivery) -> Attempt:
    begin()
    attempt = attempts.begin([(delivery, EmailChannel())])[delivery.pk]
    attempts.hand_over(attempt)
    return attempt


def test_a_letter_that_went_out_is_not_sent_again(sink, outbox_drained):
    delivery = make_ready(make_addressed_office())
    outbox_drained()
    assert letters_at(sink) == 1
    assert [line["state"] for line in lines()] == ["handing_over", "accepted"]
    assert restored(delivery).state == State.ACCEPTED
    assert Attempt.objects.get().detail == replay.DETAIL
    make_due()
    outbox_drained()
    assert letters_at(sink) == 1


def test_of_a_letter_whose_handing_over_has_no_end_nobody_knows(outbox_drained):
    delivery = make_ready(make_addressed_office())
    hand_over(delivery)
    assert restored(delivery).state == State.UNKNOWN
    assert not Item.objects.filter(kind="letters.delivery").exists()


def test_an_attempt_that_was_open_in_the_backup_is_closed():
    delivery = make_ready(make_addressed_office())
    hand_over(delivery)
    settle_again([line for line in lines() if line["k"] == "letter"])
    assert Attempt.objects.get().outcome == "unknown"
    assert Delivery.objects.get().state == State.UNKNOWN


def test_a_letter_that_certainly_did_not_arrive_goes_on_waiting():
    delivery = make_ready(make_addressed_office())
    lost = {"k": "letter", "delivery": delivery.delivery_id, "channel": "email"}
    settle_again([lost | {"state": "handing_over"}, lost | {"state": "ready"}])
    delivery.refresh_from_db()
    assert delivery.state == State.READY


def test_a_letter_that_was_taken_back_stays_so():
    delivery = make_ready()
    workflow.withdraw(delivery)
    Letter.objects.update(withdrawn_at=None)
    assert restored(delivery).state == State.WITHDRAWN
    assert Letter.objects.get().withdrawn_at


def test_what_was_printed_is_not_printed_again():
    delivery = make_ready()
    delivery.hold(TO_BE_PRINTED)
    print_runs.print_letters(Delivery.objects.all(), by="staff")
    again = restored(delivery)
    assert (again.held_because, bool(again.printed_at)) == (TO_BE_PRINTED, True)
    staff_actions.note_taken_to_office(again)
    assert restored(again).state == State.ACCEPTED


def test_what_was_printed_by_mistake_is_to_be_printed_again():
    delivery = make_ready()
    delivery.hold(TO_BE_PRINTED)
    (printed,) = print_runs.print_letters(Delivery.objects.all(), by="staff")
    assert printed.print_run
    print_runs.undo(printed.print_run, by="staff")
    assert restored(delivery, held_because=TO_BE_PRINTED).printed_at is None


def test_of_a_letter_that_went_its_writer_had_confirmed_the_others_too():
    constituent = make_submission(make_campaign(), make_offices())
    first, second = Delivery.objects.order_by("pk")
    journal.record("letter", delivery=first.delivery_id, state="accepted", channel="email")
    assert restored(first, state=State.UNCONFIRMED).state == State.ACCEPTED
    second.refresh_from_db()
    constituent.refresh_from_db()
    assert second.state == State.READY
    assert constituent.confirmed_at
    workflow.confirm(constituent)


def test_who_was_erased_stays_so():
    constituent = make_confirmed(make_campaign(), make_offices())
    other = make_confirmed(Letter.objects.all()[0].campaign, make_offices_again(), email="bea@example.org")
    private = Constituent.objects.get(pk=constituent.pk).private
    retention.erase(constituent)
    (said,) = [line for line in lines() if line["k"] == "constituent"]
    Constituent.objects.filter(pk=constituent.pk).update(private=private, person=b"1" * 16)
    with transaction.atomic():
        replay.erase_again([said, said | {"id": other.pk}])
    constituent.refresh_from_db()
    other.refresh_from_db()
    assert constituent.private is None
    assert other.private


def make_offices_again() -> list[Any]:
    return [letter.office for letter in Letter.objects.all()]


@pytest.mark.usefixtures("unwritable")
def test_a_letter_waits_for_the_journal_and_no_attempt_is_spent(sink, outbox_drained):
    make_ready(make_addressed_office())
    outbox_drained()
    assert letters_at(sink) == 0
    item = Item.objects.get(kind="letters.delivery")
    assert (item.state, item.attempts) == ("waiting", 0)
    assert "journal" in item.reason
    assert Delivery.objects.get().state == State.READY


def test_a_letter_that_is_being_handed_over_is_on_the_disk_before():
    delivery = make_ready(make_addressed_office())
    begin()
    attempt = attempts.begin([(delivery, EmailChannel())])[delivery.pk]
    attempts.hand_over(attempt)
    assert lines()[-1]["delivery"] == delivery.delivery_id
    assert lines()[-1]["n"] == Position.objects.get().number


def test_a_letter_is_not_handed_over_from_a_restored_database():
    delivery = make_ready(make_addressed_office())
    begin()
    attempt = attempts.begin([(delivery, EmailChannel())])[delivery.pk]
    before = Position.objects.values().get()
    journal.heartbeat()
    Position.objects.update(**before)
    with pytest.raises(journal.Unwritable):
        attempts.hand_over(attempt)
