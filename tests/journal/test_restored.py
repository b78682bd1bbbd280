"""The database turns out to be older than the journal, or not. Real dumps: tests/system/test_restored_backup.py."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from campaign.audit.models import Entry
from campaign.journal import files, journal, position, recovery
from campaign.journal.models import Position, Restoration
from campaign.outbox import claims, execution, queue, relay, suppressions
from campaign.outbox.models import Cause, Item, Suppression
from campaign.supporters import subscriptions
from letters.delivery.reconcile import RESTORED
from letters.models import Delivery
from petitions.models import Signature
from petitions.signing import confirming
from tests.conftest import forget_journal
from tests.letters.factories import LEASE, make_ready
from tests.pages.test_roles import member
from tests.petitions.factories import make_petition, make_signature, token_of

pytestmark = pytest.mark.django_db(transaction=True)
PRINT = bytes(16)
KIND = "supporters.newsletter-confirmation"


def backup() -> dict[str, Any]:
    """What the database will say of itself once it is restored to this moment."""
    return {**Position.objects.values().get()}


def restore(before: dict[str, Any]) -> None:
    """To that moment, as far as the journal can tell; processes are started anew."""
    Position.objects.update(**before)
    Restoration.objects.all().delete()
    forget_journal()


def start_process() -> position.Place:
    forget_journal()
    return recovery.look()


def lines() -> list[dict[str, Any]]:
    """All that stands in the folder."""
    paths = sorted(Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl"))
    return [line for path in paths for line in files.read(path)]


@pytest.fixture
def lost() -> Restoration:
    """A restored backup that does not know of one suppression."""
    recovery.look()
    before = backup()
    suppressions.add(PRINT, Cause.BOUNCE)
    Suppression.objects.all().delete()
    restore(before)
    start_process()
    return Restoration.objects.get()


def publish() -> list[claims.Pair]:
    subscriptions.ask(address="ana@example.org", language="en")
    return [(pk, token) for pk, token, _ in claims.claim(KIND, limit=10, lease=LEASE)]


def test_a_database_that_was_not_restored_is_never_held():
    recovery.look()
    for number in range(5):
        suppressions.add(bytes([number] * 16), Cause.BOUNCE)
        assert not start_process().is_held
    journal.heartbeat()
    assert recovery.is_clear()
    assert not Restoration.objects.exists()


def test_a_standby_that_was_promoted_with_all_that_was_committed_is_not_held():
    suppressions.add(PRINT, Cause.BOUNCE)
    position.advance(recovery.newest_place())  # the process was killed before it wrote the line
    assert not start_process().is_held


def test_a_transaction_that_was_rolled_back_leaves_no_line_and_holds_nothing():
    with pytest.raises(ValueError, match="never mind"), transaction.atomic():
        suppressions.add(PRINT, Cause.BOUNCE)
        raise ValueError("never mind")
    assert lines() == []
    assert not start_process().is_held


@pytest.mark.parametrize("days", [-400, 400])
def test_clocks_decide_nothing_where_there_are_lines(days):
    suppressions.add(PRINT, Cause.BOUNCE)
    Position.objects.update(at=Now() + timedelta(days=days))
    assert not start_process().is_held


def test_a_restored_database_is_noticed_by_whatever_process_starts(lost):
    assert Position.objects.get().is_held
    assert lost.again == {"addresses that get nothing more": 1}
    assert lost.is_complete
    assert Suppression.objects.get().fingerprint == PRINT
    start_process()
    assert Restoration.objects.get().again == lost.again


def test_a_message_from_before_the_restore_does_nothing_until_staff_say_so(lost):
    pairs = publish()
    assert claims.begin(pairs, lease=LEASE) == []
    execution.execute(KIND, pairs)
    assert relay.relay() == 0
    assert Item.objects.filter(state="published").count() == 1
    recovery.release(lost, by="ada")
    assert len(claims.begin(pairs, lease=LEASE)) == 1


def test_a_worker_that_runs_on_wins_nothing_from_a_database_that_was_changed_under_it():
    recovery.look()
    before = backup()
    journal.heartbeat()
    pairs = publish()
    Position.objects.update(**before)
    assert claims.begin(pairs, lease=LEASE) == []
    assert Position.objects.get().is_held


def test_what_a_worker_has_in_hand_stays_there_once_the_database_is_restored():
    pairs = publish()
    (item,) = claims.begin(pairs, lease=LEASE)
    assert claims.leave_for(item)
    Position.objects.update(is_held=True)
    assert not claims.leave_for(item)


def test_a_web_process_notices_by_what_it_writes(lost):
    recovery.release(lost, by="ada")
    before = backup()
    suppressions.add(bytes([1] * 16), Cause.BOUNCE)
    Position.objects.update(**before)
    suppressions.add(bytes([2] * 16), Cause.BOUNCE)
    assert Restoration.objects.open().exists()


def test_ids_of_lost_rows_are_not_given_out_again():
    first = queue.put(KIND, payload={})
    recovery.look()
    before = backup()
    journal.heartbeat()
    restore(before)
    start_process()
    assert queue.put(KIND, payload={}).pk > first.pk + recovery.BEYOND - 1


def test_restored_twice_what_was_lost_is_done_again_each_time():
    recovery.look()
    before = backup()
    suppressions.add(PRINT, Cause.BOUNCE)
    for _ in range(2):
        Suppression.objects.all().delete()
        restore(before)
        start_process()
        assert Suppression.objects.exists()
        suppressions.add(bytes([1] * 16), Cause.BOUNCE)
    assert Suppression.objects.count() == 2


def test_each_machine_applies_its_own_lines_whoever_noticed_first(settings, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    before = {}
    for number, folder in enumerate((first, second)):
        settings.JOURNAL_FOLDER = folder
        start_process()
        before = backup()
        suppressions.add(bytes([number] * 16), Cause.BOUNCE)
    Suppression.objects.all().delete()
    restore(before | {"number": 0})
    settings.JOURNAL_FOLDER = first
    start_process()
    restoration = Restoration.objects.get()
    assert len(restoration.unread) == 1
    assert not restoration.is_complete
    recovery.release(restoration, by="ada")
    settings.JOURNAL_FOLDER = second
    assert start_process().is_held
    assert Restoration.objects.open().get().is_complete
    assert Suppression.objects.count() == 2


def test_a_machine_that_is_new_holds_nothing(settings, tmp_path):
    suppressions.add(PRINT, Cause.BOUNCE)
    settings.JOURNAL_FOLDER = tmp_path / "new"
    assert not start_process().is_held
    assert "begins a journal" in Position.objects.get().trouble


def test_without_a_journal_letters_that_may_have_gone_are_left_to_staff(settings, tmp_path):
    journal.heartbeat()
    make_ready()
    Position.objects.update(at=Now() - timedelta(hours=8))
    settings.JOURNAL_FOLDER = tmp_path / "new"
    start_process()
    restoration = Restoration.objects.open().get()
    assert not restoration.is_complete
    recovery.release(restoration, by="ada")
    assert Delivery.objects.held_because(RESTORED).count() == 1
    start_process()
    assert not Restoration.objects.open().exists()


def test_a_torn_last_line_is_as_if_it_had_not_been_begun():
    suppressions.add(PRINT, Cause.BOUNCE)
    (path,) = Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl")
    with path.open("a") as file:
        file.write('{"n":999,"k":"be')
    assert not start_process().is_held
    assert len(lines()) == 1


def test_a_line_that_cannot_be_read_or_applied_is_a_gap_and_keeps_no_other_from_being_applied():
    recovery.look()
    before = backup()
    journal.record("suppression", of="no fingerprint", cause="bounce")
    suppressions.add(PRINT, Cause.BOUNCE)
    (path,) = Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl")
    with path.open("a") as file:
        file.write("what is this\n")
    Suppression.objects.all().delete()
    restore(before)
    start_process()
    restoration = Restoration.objects.get()
    assert restoration.gaps == [recovery.MISSING.format(number=2)]
    assert Suppression.objects.count() == 1


@pytest.fixture
def unwritable(settings, tmp_path) -> None:
    (tmp_path / "file").write_text("no folder can be made below this")
    settings.JOURNAL_FOLDER = tmp_path / "file"
    forget_journal()


@pytest.mark.usefixtures("unwritable")
def test_a_journal_that_cannot_be_written_refuses_nobody_and_staff_are_told(client):
    subscriber = subscriptions.join(address="ana@example.org", language="en")
    assert subscriptions.unsubscribe(token_digest=bytes(subscriber.unsubscribe_digest))
    client.force_login(member("Administrator"))
    assert "The journal has a gap" in client.get(reverse("admin:index")).content.decode()


def test_lines_missing_from_the_journal_are_counted_in_the_next_that_is_written(settings, tmp_path):
    folder = settings.JOURNAL_FOLDER
    recovery.look()
    before = backup()
    (tmp_path / "file").write_text("")
    settings.JOURNAL_FOLDER = tmp_path / "file"
    suppressions.add(PRINT, Cause.BOUNCE)
    settings.JOURNAL_FOLDER = folder
    journal.heartbeat()
    restore(before)
    start_process()
    assert Restoration.objects.get().gaps == [recovery.MISSING.format(number=1)]


def test_files_are_for_their_owner_alone_and_name_nobody():
    suppressions.add(suppressions.fingerprint_of("ana@example.org"), Cause.BOUNCE)
    (path,) = Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl")
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in path.parents[:2]} == {0o700}
    assert "example" not in path.read_text()


def test_signing_and_confirming_write_nothing():
    confirming.confirm(token_of(make_signature(make_petition())))
    assert Signature.objects.get().state == "confirmed"
    assert lines() == []


def test_files_are_kept_for_as_long_as_backups_may_be(settings):
    suppressions.add(PRINT, Cause.BOUNCE)
    (path,) = Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl")
    old = path.with_name(path.name.replace(path.name.split(".")[1], "20200101"))
    path.rename(old)
    journal.heartbeat()
    assert not old.exists()
    assert len(lines()) == 1


def test_a_file_that_is_taken_away_is_begun_anew():
    journal.heartbeat()
    (path,) = Path(settings.JOURNAL_FOLDER).glob("*/*.jsonl")
    path.unlink()
    suppressions.add(PRINT, Cause.BOUNCE)
    assert [line["k"] for line in lines()] == ["suppression"]


def test_only_an_administrator_lets_work_go_on_and_it_is_noted(client, lost):
    page = reverse("admin:journal_restoration_go_on", args=[lost.pk])
    client.force_login(member("Campaigner"))
    first = client.get(reverse("admin:index")).content.decode()
    assert "A backup was restored" in first
    assert page not in first
    assert client.post(page).status_code == 403
    client.force_login(member("Administrator"))
    assert page in client.get(reverse("admin:index")).content.decode()
    assert "Addresses that get nothing more: 1" in client.get(page).content.decode()
    assert Position.objects.get().is_held
    assert client.post(page).status_code == 302
    assert not Position.objects.get().is_held
    assert Entry.objects.filter(act="site.let-go-after-restore").count() == 1
    client.post(page)
    assert Entry.objects.filter(act="site.let-go-after-restore").count() == 1


def test_no_more_is_asked_of_the_database_than_one_row(django_assert_num_queries):
    recovery.look()
    with django_assert_num_queries(1):
        assert recovery.is_clear()
