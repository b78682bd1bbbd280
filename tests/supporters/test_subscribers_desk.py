"""What staff see of subscribers, how they find one, and how they erase one."""

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format

from campaign.audit.models import Entry
from campaign.outbox import queue
from campaign.outbox.models import Item, State
from campaign.outbox.suppressions import Cause
from campaign.supporters import retention, subscriptions
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.supporters.provider_reports.suppress import suppress
from tests.pages.test_newsletter import make_issue
from tests.staff.desk import at_the_desk
from tests.supporters.desk import confirm, load, make_list, member, press
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db
LIST = "/admin/supporters/subscriber/"
FIND, ERASE = f"{LIST}find/", f"{LIST}erase/"
WHY = "asked us by mail"


@pytest.fixture
def desk():
    return at_the_desk(member("Campaigner"))


def page(desk, query: str = "") -> str:
    return desk.get(LIST + query).content.decode()


def look_up(desk, address: str):
    return desk.post(FIND, {"address": address, "reason": WHY})


def erase(desk, address: str, **fields: str) -> str:
    passage = look_up(desk, address).context["passage"]
    return desk.post(ERASE, {"passage": passage, "is_sure": "on", **fields}, follow=True).content.decode()


def test_the_list_shows_how_each_stands_and_no_address(desk):
    subscriptions.join(address="ana@example.org", language="de")
    shown = page(desk)
    assert "Deutsch" in shown
    assert "joined here" in shown
    assert "Ja, senden Sie mir" in shown
    assert "ana@example.org" not in shown
    assert "ana@" not in desk.get(f"{LIST}{Subscriber.objects.get().pk}/change/").content.decode()


def test_whoever_asked_and_has_not_joined_is_not_shown_as_that_tells_of_the_form(desk):
    subscriptions.upsert("ana@example.org", "en")
    assert desk.get(LIST).context["cl"].result_count == 0
    assert "This address is not subscribed." in look_up(desk, "ana@example.org").content.decode()
    Subscriber.objects.update(state=SubscriberState.JOINING)
    assert desk.get(LIST).context["cl"].result_count == 0


def test_whoever_left_and_asks_again_is_still_shown_as_one_who_left(desk):
    subscriptions.join(address="ana@example.org", language="en")
    Subscriber.objects.all().unsubscribe()
    subscriptions.upsert("ana@example.org", "en")
    assert ": left." in " ".join(look_up(desk, "ana@example.org").content.decode().split())


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3), ("?standing=subscribed", 2), ("?standing=left", 1), ("?language=de", 1), ("?country=CH", 1),
        ("?source=here", 2), ("?tag=fair", 1), ("?ended_by__exact=bounce", 1), ("?source=99999999999999999999", 3),
        ("?source=x", 3), ("?language=tlh", 3), ("?tag=no", 3),
    ],
)  # fmt: skip
def test_filters_tell_them_apart_and_nonsense_filters_nothing(desk, query, number):
    load(desk, "email,country,language\nimported@example.org,CH,fr", tags="fair")
    subscriptions.join(address="ana@example.org", language="de")
    subscriptions.join(address="bo@example.org", language="en")
    suppress("bo@example.org", Cause.BOUNCE)
    answer = desk.get(LIST + query)
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == number


def test_a_bounce_is_told_and_that_somebody_had_not_signed_is_not(desk):
    for name, cause in [("ana", Cause.COMPLAINT), ("bo", Cause.NOT_ME)]:
        subscriptions.join(address=f"{name}@example.org", language="en")
        suppress(f"{name}@example.org", cause)
    assert sorted(Subscriber.objects.values_list("ended_by", flat=True)) == ["", "complaint"]
    suppress("cy@example.org", Cause.NOT_ME)
    complained = look_up(desk, "ana@example.org").content.decode()
    assert "Ended by: complaint." in complained
    assert "shut out from all mail" in complained
    assert "shut out" not in look_up(desk, "bo@example.org").content.decode()
    assert "shut out" not in look_up(desk, "cy@example.org").content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(desk):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(desk)
        return len(seen)

    load(desk, make_list(["a"]))
    page(desk)
    few = queries()
    load(desk, make_list([f"b{number}" for number in range(30)]))
    assert queries() == few


def test_an_address_is_looked_up_with_a_reason_that_the_audit_keeps(desk):
    subscriptions.join(address="ana@example.org", language="en")
    answer = look_up(desk, "Ana@Example.org").content.decode()
    assert "subscribed." in answer
    entry = Entry.objects.get(act="subscriber.looked-up")
    assert entry.details == {"found": True, "reason": WHY}
    assert "ana@" not in str(entry.details) + entry.on


def test_look_ups_spend_the_budget_that_all_kinds_share(desk):
    answers = [look_up(desk, f"p{number}@example.org").content.decode() for number in range(21)]
    assert "This address is not subscribed." in answers[19]
    assert "Administrators are told of this." in answers[20]


@pytest.mark.parametrize("role", ["Editor", "Moderator", "Auditor", "Typist"])
def test_other_roles_look_nobody_up(role):
    desk = at_the_desk(member(role))
    assert desk.get(FIND).status_code == 403
    assert desk.post(ERASE).status_code == 403


def test_erasing_leaves_a_hash_and_nothing_else(desk, outbox_drained):
    load(desk, "email,country,language\nana@example.org,CH,fr")
    issue = make_issue()
    issue.dispatches.enter(issue)
    assert "is erased" in erase(desk, "ana@example.org")
    left = Subscriber.objects.get()
    assert (left.state, left.address, left.country, left.source, left.language) == (
        "unsubscribed",
        None,
        "",
        None,
        "en",
    )
    assert not issue.dispatches.exists()
    assert Entry.objects.get(act="subscriber.erased").details == {"reason": WHY}


def test_whoever_was_erased_is_not_brought_back_by_an_import(desk):
    load(desk, make_list(["ana"]))
    erase(desk, "ana@example.org")
    again = load(desk, make_list(["ana"]))
    assert (again.new, again.left) == (0, 1)


@pytest.mark.parametrize("is_pending", [True, False], ids=["asked and had not confirmed", "nobody knew of them"])
def test_no_import_brings_back_an_erased_address_that_had_not_joined(desk, is_pending):
    if is_pending:
        subscriptions.upsert("ana@example.org", "en")
    erase(desk, "ana@example.org")
    again = load(desk, make_list(["ana"]))
    assert (again.new, again.left) == (0, 1)


def test_a_row_that_erasing_left_does_not_tell_whether_the_address_had_joined(desk):
    subscriptions.join(address="joined@example.org", language="de")
    subscriptions.upsert("asked@example.org", "de")
    for name in ("joined", "asked", "unknown"):
        erase(desk, f"{name}@example.org")
    rows = Subscriber.objects.values("state", "language", "country", "source", "consent", "ended_by", "created_at")
    assert len({tuple(row.values()) for row in rows}) == 1
    assert Subscriber.objects.joined().count() == 3


def test_whoever_was_erased_may_come_back_by_themselves(desk):
    subscriptions.join(address="ana@example.org", language="en")
    erase(desk, "ana@example.org")
    subscriptions.join(address="ana@example.org", language="en")
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


def test_erasing_takes_out_what_waits_to_join(desk):
    subscriptions.upsert("ana@example.org", "en")
    confirm()
    erase(desk, "ana@example.org")
    assert not Item.objects.filter(kind=subscriptions.JOIN).exists()
    assert let_join() == 0
    assert not Subscriber.objects.confirmed().exists()


def test_erasing_takes_out_the_mail_that_waits_to_ask_for_confirmation(desk, outbox_drained):
    for name in ("ana", "bo"):
        subscriptions.ask(address=f"{name}@example.org", language="en")
    erase(desk, "ana@example.org")
    outbox_drained()
    assert [message.to for message in mail.outbox] == [["bo@example.org"]]


@pytest.mark.parametrize("kind", [subscriptions.JOIN, subscriptions.CONFIRMATION])
def test_what_a_worker_has_in_hand_brings_nobody_back_who_is_erased(desk, outbox_drained, kind):
    subscriptions.join(address="ana@example.org", language="en")
    Subscriber.objects.all().unsubscribe()
    queue.put(kind, payload={"language": "en"}, secret={"address": "ana@example.org"})
    in_hand = Item.objects.filter(kind=kind)
    in_hand.update(state=State.RUNNING, leased_until=timezone.now() + timedelta(minutes=1))
    erase(desk, "ana@example.org")
    in_hand.update(state=State.WAITING, leased_until=None)  # as if it began only now
    outbox_drained()
    assert mail.outbox == []
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED


def test_erasing_needs_a_tick_and_a_passage_of_that_page(desk):
    subscriptions.join(address="ana@example.org", language="en")
    passage = look_up(desk, "ana@example.org").context["passage"]
    assert "Tick the box" in desk.post(ERASE, {"passage": passage}, follow=True).content.decode()
    assert "too old" in desk.post(ERASE, {"passage": "x", "is_sure": "on"}, follow=True).content.decode()
    assert desk.get(ERASE).status_code == 405
    assert Subscriber.objects.confirmed().exists()


def test_the_answer_to_erasing_is_the_same_for_an_address_of_which_nothing_is_kept(desk):
    assert "is erased" in erase(desk, "nobody@example.org")


def test_who_comes_back_by_themselves_does_not_keep_the_import_that_they_once_came_by(desk):
    one = load(desk, make_list(["ana"]))
    Subscriber.objects.all().unsubscribe()
    subscriptions.upsert("ana@example.org", "en")
    confirm()
    let_join()
    back = Subscriber.objects.get()
    assert (back.state, back.source) == (SubscriberState.CONFIRMED, None)
    press(desk, one, "undo")
    assert Subscriber.objects.confirmed().exists()


def facts() -> list[Any]:
    """All that is told of one subscriber, apart from days."""
    return list(Subscriber.objects.values_list("language", "country", "source", "ended_by", "consent__wording"))


def test_whoever_types_an_address_changes_nothing_of_what_is_known_of_it(desk):
    load(desk, "email,country,language\nana@example.org,CH,fr")
    suppress("ana@example.org", Cause.COMPLAINT)
    known = facts()
    subscriptions.upsert("ana@example.org", "de")
    assert facts() == known
    Subscriber.objects.update(created_at=timezone.now() - timedelta(days=15))
    assert retention.delete_unconfirmed() == 1
    assert facts() == known


def test_joining_again_changes_what_is_known(desk, client, outbox_drained):
    load(desk, "email,country,language\nana@example.org,CH,fr")
    Subscriber.objects.all().unsubscribe("complaint")
    client.post("/de/newsletter/", {"email": "ana@example.org"})
    outbox_drained()
    link = next(word for word in mail.outbox[0].body.split() if "/de/newsletter/confirm/" in word)
    client.post(link.removeprefix("http://testserver"))
    let_join()
    with translation.override("de"):
        assert facts() == [("de", "", None, "", subscriptions.consent_wording())]


def test_days_are_all_that_is_told_of_when(desk):
    subscriptions.join(address="ana@example.org", language="en")
    long_ago = timezone.now() - timedelta(days=400)
    Subscriber.objects.update(confirmed_at=long_ago)
    listed: Any = lxml.html.fromstring(page(desk))
    (joined_on,) = listed.find_class("field-joined_on")
    assert joined_on.text == date_format(long_ago, "DATE_FORMAT")
