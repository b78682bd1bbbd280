"""Retention (petitions/data_requests/retention.py, campaign/outbox/maintenance/purge.py): case 29."""

from datetime import date, timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from campaign.outbox import queue
from campaign.outbox.models import Item
from campaign.outbox.models import State as ItemState
from campaign.staff.dual_control.stop_links import StopLink
from campaign.supporters import purges
from petitions.counting import events, recount
from petitions.data_requests import retention, self_service
from petitions.models import Clearing, PaperBatch, PaperRemark, Petition, Rekeying, Signature, UploadPart
from petitions.paper.imports import loading
from petitions.paper.imports.loading import Collected, ImportSource
from petitions.paper.imports.rows import Person
from petitions.paper.imports.storage import ImportInterrupted
from petitions.paper.sheets import data_entry
from tests.petitions.factories import make_confirmed, make_petition, make_signature
from tests.petitions.paper import load, make_batch, make_file, make_staff
from tests.race import race

pytestmark = pytest.mark.django_db
COLLECTED = Collected("Ana", "Bern", date(2026, 11, 1))
LONG_AGO = timedelta(days=24 * 31 + 1)


@pytest.fixture
def petition() -> Petition:
    return make_petition()


def close(petition: Petition, ago: timedelta) -> None:
    now = timezone.now()
    Petition.objects.filter(pk=petition.pk).update(opens_at=now - timedelta(days=2000), closes_at=now - ago)


def announce_long_ago() -> None:
    retention.announce_ends()
    Clearing.objects.update(opens_at=Now())


def purge() -> str:
    """What is said of the night a week after the end was announced."""
    announce_long_ago()
    output = StringIO()
    call_command("purge", stdout=output)
    return output.getvalue()


def test_two_years_after_closing_nothing_personal_is_left_and_the_counts_are_the_same(petition):
    other = make_petition("other")
    for number in range(3):
        make_confirmed(petition, f"p{number}@example.org")
    stays = make_confirmed(other, "p0@example.org")
    events.aggregate()
    before = {row.pk: bytes(row.fingerprint) for row in petition.signatures.all()}
    close(petition, LONG_AGO)
    assert "petitions.data_requests.retention.clear_closed: 3" in purge()
    for row in petition.signatures.all():
        assert bytes(row.sealed) == b""
        assert bytes(row.fingerprint) != before[row.pk]
        assert len(row.fingerprint) == 16
        assert (row.nonce, row.token_digest, row.token_expires_at) == (None, None, None)
    assert recount.differences() == []
    assert Petition.objects.for_display().get(pk=petition.pk).count == 3
    assert [signature.pk for signature in self_service.own_signatures("p0@example.org")] == [stays.pk]
    assert "petitions.data_requests.retention.clear_closed: 0" in purge()


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=700)])
def test_before_that_everything_stays(petition, ago):
    make_confirmed(petition)
    close(petition, ago)
    purge()
    assert bytes(Signature.objects.get().sealed)


def test_the_months_are_the_petitions_own(petition):
    make_confirmed(petition)
    close(petition, timedelta(days=32))
    Petition.objects.update(retention_months=1)
    assert "petitions.data_requests.retention.clear_closed: 1" in purge()


def test_a_run_that_was_interrupted_goes_on_where_it_stopped(petition, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        make_confirmed(petition, f"p{number}@example.org")
    events.aggregate()
    close(petition, LONG_AGO)
    half = retention.batches(retention.CLEAR, petition=petition.pk)
    assert next(half) == 2
    half.close()
    assert "petitions.data_requests.retention.clear_closed: 3" in purge()
    assert not Signature.objects.exclude(sealed=b"").exists()
    assert recount.differences() == []


def test_one_who_changes_the_dates_deletes_nothing_before_all_are_told_for_a_week(petition, outbox_drained, mailoutbox):
    make_confirmed(petition)
    Item.objects.all().delete()
    for name in ("ana", "bo"):
        make_staff(name)
    close(petition, LONG_AGO)
    call_command("purge", stdout=StringIO())
    call_command("purge", stdout=StringIO())
    assert bytes(Signature.objects.get().sealed)
    assert timedelta(days=6) < Clearing.objects.get().opens_at - timezone.now() <= timedelta(days=7)
    outbox_drained()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ana@example.org", "bo@example.org"]
    assert "The names of “Stop it” will be deleted" in mailoutbox[0].subject


def test_what_ends_as_planned_is_announced_a_week_before_and_deleted_in_time(petition):
    make_confirmed(petition)
    ends_in = timedelta(days=3)
    close(petition, timedelta(days=30))
    closes_at = timezone.now() - timedelta(days=31)
    Petition.objects.update(retention_months=1, closes_at=closes_at + ends_in)
    retention.announce_ends()
    announced = Clearing.objects.get()
    assert announced.opens_at >= timezone.now() + timedelta(days=6)
    Petition.objects.update(closes_at=timezone.now() - timedelta(days=25))
    Clearing.objects.update(opens_at=Now())
    call_command("purge", stdout=StringIO())
    assert bytes(Signature.objects.get().sealed)
    Petition.objects.update(closes_at=closes_at - timedelta(days=1))
    call_command("purge", stdout=StringIO())
    assert not bytes(Signature.objects.get().sealed)


def test_whoever_may_change_petitions_stops_it_by_the_mailed_link_and_it_is_announced_anew(petition, client):
    make_confirmed(petition)
    ana = make_staff("ana")
    close(petition, LONG_AGO)
    retention.announce_ends()
    path = StopLink.to(Clearing.objects.get(), account=ana.pk).url().removeprefix("http://testserver")
    assert client.get(path).status_code == 200
    assert "ana stopped it" in client.post(path).content.decode()
    Clearing.objects.update(opens_at=Now())
    call_command("purge", stdout=StringIO())
    assert bytes(Signature.objects.get().sealed)
    assert Clearing.objects.standing().get().opens_at > timezone.now() + timedelta(days=6)


def test_dates_that_are_mended_take_the_announcement_back(petition):
    make_confirmed(petition)
    close(petition, LONG_AGO)
    retention.announce_ends()
    Petition.objects.update(retention_months=60)
    Clearing.objects.update(opens_at=Now())
    call_command("purge", stdout=StringIO())
    assert not Clearing.objects.exists()
    assert bytes(Signature.objects.get().sealed)


def test_what_is_over_is_not_announced_again(petition):
    make_confirmed(petition)
    close(petition, LONG_AGO)
    purge()
    call_command("purge", stdout=StringIO())
    assert not Clearing.objects.exists()


def test_of_paper_neither_struck_rows_nor_collectors_stay_and_newer_paper_goes_as_well(petition):
    batch = load(petition, "Ana,,Street 1,DE")
    PaperRemark.objects.create(batch=batch, number=9, outcome="rejected", reason="struck", sealed=b"box")
    UploadPart.objects.create(batch=batch, number=0, content=b"x")
    Rekeying.objects.create(batch=batch, row=2, digest=b"x")
    close(petition, LONG_AGO)
    purge()
    batch.refresh_from_db()
    assert (batch.collector, batch.source, batch.remarks.get().sealed) == (None, "", None)
    assert (batch.parts.count(), batch.rekeyings.get().digest) == (0, None)
    assert load(petition, "Late,,Street 2,DE").good == 1
    assert "petitions.data_requests.retention.clear_closed: 1" in purge()
    assert not PaperBatch.objects.filter(collector__isnull=False).exists()
    assert recount.differences() == []


def test_what_is_begun_before_the_clearing_takes_no_names_after_it(petition):
    typed = loading.open_batch(petition=petition, collected=COLLECTED, source=ImportSource("sheet"))
    stopped, running = (
        make_batch(petition, make_file("Ana,,Street 1,DE")),
        make_batch(petition, make_file("Bo,,St 2,DE")),
    )
    loading.cancel(stopped)
    close(petition, LONG_AGO)
    purge()
    typed = PaperBatch.objects.for_work().get(pk=typed.pk)
    with pytest.raises(ImportInterrupted):
        data_entry.enter(typed, [(1, Person("Ana", "DE", "Street 1"))], first=1, by=make_staff())
    with pytest.raises(ImportInterrupted):
        for _ in loading.load(running, [make_file("Bo,,Street 2,DE")]):
            pass
    with pytest.raises(loading.AlreadyLoaded):
        make_batch(petition, make_file("Ana,,Street 1,DE"))
    assert not petition.signatures.exists()


def test_what_was_left_open_when_names_were_cleared_takes_none_any_more(petition):
    """As clearings before this release left it."""
    typed = loading.open_batch(petition=petition, collected=COLLECTED, source=ImportSource("sheet"))
    file = make_batch(petition, make_file("Ana,,Street 1,DE"))
    Petition.objects.update(purged_at=Now())
    left = PaperBatch.objects.for_work()
    assert not data_entry.takes_rows(left.get(pk=typed.pk))
    assert not left.get(pk=file.pk).can_go_on
    newer = loading.open_batch(petition=petition, collected=COLLECTED, source=ImportSource("later"))
    assert data_entry.takes_rows(left.get(pk=newer.pk))


@pytest.mark.django_db(transaction=True)
def test_paper_that_is_opened_while_names_are_cleared_is_cleared_next(petition):
    waiting = make_batch(petition, make_file("Bo,,Street 2,DE"))
    PaperBatch.objects.update(state="uploaded")
    opened: list[PaperBatch] = []

    def meanwhile(execute: Any, statement: str, *given: Any) -> Any:
        if not opened and "petitions_voice" in statement:
            opened.append(loading.open_batch(petition=petition, collected=COLLECTED, source=ImportSource("sheet")))
        return execute(statement, *given)

    close(petition, LONG_AGO)
    with connection.execute_wrapper(meanwhile):
        retention.clear_petition(petition)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.parts.count()) == ("undone", 0)
    typed = PaperBatch.objects.for_work().get(pk=opened[0].pk)
    data_entry.enter(typed, [(1, Person("Ana", "DE", "Street 1"))], first=1, by=make_staff())
    assert Petition.objects.past_retention().get() == petition


def test_dates_that_are_mended_while_other_petitions_are_cleared_keep_the_names(petition):
    make_confirmed(petition)
    close(petition, LONG_AGO)
    announce_long_ago()
    (clearing,) = Clearing.objects.due().for_work()
    Petition.objects.update(retention_months=60)
    assert retention.clear_announced(clearing) == 0
    assert bytes(Signature.objects.get().sealed)


@pytest.mark.django_db(transaction=True)
def test_dates_that_are_being_mended_are_waited_for(petition):
    make_confirmed(petition)
    close(petition, LONG_AGO)
    announce_long_ago()
    (clearing,) = Clearing.objects.due().for_work()

    def mend() -> None:
        with transaction.atomic():
            Petition.objects.filter(pk=petition.pk).update(retention_months=60)

    _mended, cleared = race(mend, partial(retention.clear_announced, clearing), after="UPDATE")
    assert cleared.result() == 0
    assert bytes(Signature.objects.get().sealed)


def test_who_never_confirmed_is_forgotten_a_month_after_the_link(petition):
    old = make_signature(petition, "old@example.org")
    make_signature(petition, "new@example.org")
    make_confirmed(petition, "yes@example.org")
    Signature.objects.exclude(pk=old.pk).update(token_expires_at=Now() - timedelta(days=29))
    Signature.objects.filter(pk=old.pk).update(token_expires_at=Now() - timedelta(days=31))
    assert "petitions.data_requests.retention.delete_unconfirmed: 1" in purge()
    assert not Signature.objects.filter(pk=old.pk).exists()
    assert Signature.objects.count() == 2


def test_mail_that_was_given_up_loses_its_address_after_a_week_and_cannot_be_tried_again():
    for days in (6, 8):
        item = queue.put("petitions.confirmation", payload={"signature": days}, secret={"address": "a@example.org"})
        Item.objects.filter(pk=item.pk).update(state=ItemState.DEAD, due_at=Now() - timedelta(days=days))
    purge()
    young, old = Item.objects.order_by("pk")
    assert young.sealed_secret
    assert old.sealed_secret is None
    assert old.payload == {"signature": 8, "is_forgotten": True}
    assert [queue.retry(young), queue.retry(old)] == [True, False]


@pytest.mark.parametrize("state", [ItemState.DEAD, ItemState.REFUSED])
def test_after_a_month_it_is_deleted_and_work_without_an_address_waits_for_staff(state):
    queue.put("petitions.confirmation", payload={"signature": 1}, secret={"address": "a@example.org"})
    queue.put("letters.delivery", payload={"delivery": 1})
    Item.objects.update(state=state, due_at=Now() - timedelta(days=31))
    purge()
    assert Item.objects.get().kind == "letters.delivery"


def test_one_purge_that_fails_does_not_stop_the_others(petition, settings):
    settings.PURGES = ["tests.petitions.test_purging.fail", *settings.PURGES]
    make_confirmed(petition)
    close(petition, LONG_AGO)
    announce_long_ago()
    with pytest.raises(purges.Unfinished):
        purges.purge_all()
    assert bytes(Signature.objects.get().sealed) == b""


def fail() -> int:
    raise ZeroDivisionError
