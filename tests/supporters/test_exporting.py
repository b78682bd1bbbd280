"""The addresses of subscribers leave the site for a purpose, with two people, after a day, and never unnoticed."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.staff.accounts import address_verification
from campaign.staff.dual_control import mails
from campaign.supporters import subscriptions
from campaign.supporters.lists import export_file
from campaign.supporters.models import Segment, Subscriber, SubscriberExport
from tests.petitions.factories import end_wait
from tests.staff.desk import at_the_desk
from tests.supporters.desk import member, numbered, print_of

pytestmark = pytest.mark.django_db
EXPORT = "/admin/supporters/subscriberexport/"


def administrator(name: str) -> User:
    joined = timezone.now() - timedelta(days=30)
    person = User.objects.create_superuser(name, f"{name}@example.org", "a-password-of-the-tests", date_joined=joined)
    address_verification.mark_verified(person)
    return person


@pytest.fixture
def al() -> Any:
    return at_the_desk(administrator("al"))


@pytest.fixture
def bo() -> Any:
    return at_the_desk(administrator("bo"))


def ask(desk: Any, **fields: object) -> SubscriberExport:
    desk.post(f"{EXPORT}add/", {"segment": "", "reason": "an invitation by our partner", **fields})
    return SubscriberExport.objects.latest("pk")


def press(desk: Any, export: SubscriberExport, button: str) -> Any:
    return desk.post(f"{EXPORT}{export.pk}/{button}/", follow=True)


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_one_person_asks_another_agrees_it_waits_and_the_file_is_taken(al, bo):
    subscriptions.join(address="ana@example.org", language="de")
    subscriptions.join(address="=cmd@example.org", language="en")
    subscriptions.join(address="left@example.org", language="en")
    Subscriber.objects.filter(fingerprint=print_of("left")).unsubscribe()
    export = ask(al)
    assert "nobody has approved it" in press(al, export, "do").content.decode()
    press(bo, export, "approve")
    assert "its waiting time is not over" in press(al, export, "do").content.decode()
    end_wait(export)
    answer = press(al, export, "do")
    head, *rows = rows_of(answer)
    assert head == ["email", "language", "country", "source", "since", "wording"]
    assert [row[:4] for row in rows] == [["ana@example.org", "de", "", ""], ["'=cmd@example.org", "en", "", ""]]
    wording = dict(Subscriber.objects.confirmed().values_list("language", "consent__wording"))
    days = {
        one.language: one.confirmed_at.date().isoformat() for one in Subscriber.objects.confirmed() if one.confirmed_at
    }
    assert [row[4:] for row in rows] == [[days[language], wording[language]] for language in ("de", "en")]
    assert "no-store" in answer["Cache-Control"]
    assert [entry.act for entry in Entry.objects.filter(act__startswith="subscriberexport").order_by("pk")] == [
        "subscriberexport.requested", "subscriberexport.approved", "subscriberexport.taken",
    ]  # fmt: skip
    assert Item.objects.filter(kind=mails.NOTICE).count() == 6


def test_nobody_approves_their_own_request(al):
    export = ask(al)
    assert press(al, export, "approve").status_code == 403
    export.refresh_from_db()
    assert export.approved_by is None


def test_a_segment_alone_is_taken_and_none_of_fewer_than_ten(al, bo):
    export = ask(al, segment=make_german_segment().pk)
    press(bo, export, "approve")
    end_wait(export)
    assert len(rows_of(press(al, export, "do"))) == 11
    Subscriber.objects.filter(pk=Subscriber.objects.filter(language="de").latest("pk").pk).unsubscribe()
    assert "fewer than ten" in press(al, export, "do").content.decode()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_file_is_downloaded(monkeypatch):
    monkeypatch.setattr(export_file, "EXPORTED_AT_ONCE", 2)
    for name in numbered(5):
        subscriptions.join(address=f"{name}@example.org", language="en")
    blocks = []
    for block in export_file.write_csv(SubscriberExport()):
        assert not connection.in_atomic_block
        blocks.append(block.decode())
    assert [line.partition(",")[0] for line in "".join(blocks).splitlines()[1:]] == [
        f"{name}@example.org" for name in numbered(5)
    ]


def make_german_segment() -> Segment:
    for name in numbered(10):
        subscriptions.join(address=f"{name}@example.org", language="de")
        subscriptions.join(address=f"{name}@example.com", language="en")
    return Segment.objects.create(name="German", language="de")


@pytest.mark.parametrize("is_approved", [False, True], ids=["before the approval", "after it"])
def test_a_segment_that_was_changed_after_it_was_asked_for_is_not_taken(al, bo, is_approved):
    segment = make_german_segment()
    export = ask(al, segment=segment.pk)
    if is_approved:
        press(bo, export, "approve")
    al.post(f"/admin/supporters/segment/{segment.pk}/change/", {"name": "German", "language": "en"})
    assert Segment.objects.get().language == "en"
    press(bo, export, "approve")
    end_wait(export)
    assert "the segment was changed" in press(al, export, "do").content.decode()
    assert not Entry.objects.filter(act="subscriberexport.taken").exists()


def test_a_segment_that_has_another_name_now_is_taken(al, bo):
    export = ask(al, segment=make_german_segment().pk)
    press(bo, export, "approve")
    Segment.objects.update(name="Those who read German")
    end_wait(export)
    assert len(rows_of(press(al, export, "do"))) == 11


def test_a_segment_that_is_asked_for_is_not_deleted(al):
    segment = make_german_segment()
    ask(al, segment=segment.pk)
    al.post(f"/admin/supporters/segment/{segment.pk}/delete/", {"post": "yes"})
    assert Segment.objects.filter(pk=segment.pk).exists()


def test_whoever_sends_the_newsletter_takes_no_addresses():
    desk = at_the_desk(member("Campaigner", "cam"))
    assert desk.get(f"{EXPORT}add/").status_code == 403
    assert desk.get(EXPORT).status_code == 403


def test_the_first_page_says_that_a_second_person_must_agree(al, bo):
    export = ask(al)
    assert f"A second person must agree: export {export.pk} of subscribers" in bo.get("/admin/").content.decode()
