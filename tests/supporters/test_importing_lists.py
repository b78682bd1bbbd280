"""Lists of subscribers from elsewhere: looked at, loaded, reported on, taken back (campaign/supporters/lists/)."""

import io
from datetime import timedelta
from typing import Any

import lxml.html
import openpyxl
import pytest
from django.core import mail
from django.db import transaction

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.outbox.suppressions import Cause
from campaign.supporters import retention, subscriptions
from campaign.supporters.lists import handlers, loading, undo, uploads
from campaign.supporters.models import (
    Consent,
    ImportPart,
    ImportRemark,
    ImportState,
    Subscriber,
    SubscriberImport,
    SubscriberState,
)
from campaign.supporters.provider_reports.suppress import suppress
from tests.conftest import drain
from tests.pages.test_newsletter import make_issue
from tests.staff.desk import at_the_desk
from tests.supporters.desk import (
    addresses,
    confirm,
    load,
    make_list,
    member,
    numbered,
    post_list,
    press,
    print_of,
    upload,
)
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return at_the_desk(member("Campaigner"))


def page_of(desk: Any, one: SubscriberImport) -> str:
    return desk.get(f"/admin/supporters/subscriberimport/{one.pk}/change/").content.decode()


def numbers(one: SubscriberImport) -> dict[str, int]:
    one.refresh_from_db()
    names = ("rows", "new", "known", "left", "suppressed", "faulty")
    return {name: getattr(one, name) for name in names if getattr(one, name)}


def test_a_list_is_kept_encrypted_looked_at_loaded_and_wiped(desk, outbox_drained):
    one = upload(desk, "E-Mail;Country;Name\ncanary@example.org;ch;Ana\nnonsense;;", language="de")
    assert all(b"canary" not in bytes(part.content) for part in ImportPart.objects.all())
    shown = page_of(desk, one)
    assert "canary@example.org" in shown
    assert "Columns that are not kept: name." in shown
    assert "Rows: 2; of these, 1 cannot be read" in shown
    assert not Subscriber.objects.exists()
    press(desk, one, "load")
    assert desk.get(f"/admin/supporters/subscriberimport/{one.pk}/change/")["Refresh"] == "5"
    outbox_drained()
    assert numbers(one) == {"rows": 2, "new": 1, "faulty": 1}
    assert (one.state, one.percent) == (ImportState.LOADED, 100)
    assert not ImportPart.objects.exists()
    ana: Any = Subscriber.objects.get()
    assert (ana.address, ana.language, ana.country, ana.source) == ("canary@example.org", "de", "CH", one)
    assert ana.consent.wording == "Yes, write to me."
    assert (ana.confirmed_at.hour, ana.confirmed_at.second) == (0, 0)
    assert "canary" not in page_of(desk, one)


def test_the_language_of_a_list_tells_how_it_is_encoded(desk, outbox_drained):
    one = upload(desk, "email,country\nana@example.org,日本\n".encode("cp932"), language="ja")
    press(desk, one, "load")
    outbox_drained()
    assert (numbers(one), Subscriber.objects.get().country) == ({"rows": 1, "new": 1}, "JP")


def test_only_who_uploaded_a_list_sees_its_first_rows(desk):
    one = upload(desk, make_list(["canary"]))
    assert "canary@" not in page_of(at_the_desk(member("Campaigner", "other")), one)
    assert "canary@" in page_of(desk, one)


def test_the_report_has_the_line_of_each_faulty_row_and_not_what_stood_there(desk):
    rows = ["email,language,country", "a@example.org,en,DE", "canary,en,DE", "b@example.org,tlh,", "c@example.org,,XX"]
    rows += ["d@example.org,,,,", '"e@example.org,,', "f@example.org,de-AT,", "Größe@example.org,,"]
    one = upload(desk, "\n".join(rows))
    report = b"".join(desk.get(f"/admin/supporters/subscriberimport/{one.pk}/report/").streaming_content).decode()
    assert report.splitlines() == [
        "line,reason",
        "3,not an e-mail address that this site can write to",
        "4,not a language of this site: a code such as de is expected",
        "5,not a country: two letters by ISO 3166 are expected",
        "6,more cells than the first line has columns",
        "7,a quotation mark is not closed",
        "9,not an e-mail address that this site can write to",
    ]
    assert "canary" not in report


def test_a_postal_address_is_a_column_that_is_not_kept(desk):
    one = upload(desk, "Email,Address\nana@example.org,1 High Street")
    assert "Columns that are not kept: address." in page_of(desk, one)
    assert post_list(desk, "Address\nana@example.org").status_code == 200


def test_a_file_that_is_too_large_for_one_request_is_to_come_in_parts(desk):
    content = make_list(["ana"]).encode().ljust(10 * 1024 * 1024 + 1)
    assert "larger than 10 MB. Upload it in parts." in post_list(desk, content).content.decode()
    assert not SubscriberImport.objects.exists()


def test_a_line_that_is_no_text_is_one_fault_and_the_rest_is_read(desk):
    one = upload(desk, b"email,name\n\xff\xfe@example.org,Bo\nana@example.org,N\xc3\xba\xc3\xb1ez\n")
    assert list(ImportRemark.objects.values_list("number", "reason")) == [(2, "not-utf8")]
    assert one.rows == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name\nAna",
        b"\xff\xfe",
        b"email,email\na@example.org,b@example.org",
        b"x" * 1_100_000,
        b"email" + b",a" * 200,
    ],
    ids=["empty", "no address", "no text", "two addresses", "one endless line", "more columns than anybody has"],
)
def test_what_is_no_list_is_a_form_error(desk, content):
    assert post_list(desk, content).status_code == 200
    assert not SubscriberImport.objects.exists()


def test_nobody_is_subscribed_who_had_left_is_suppressed_or_is_one_already(desk):
    for name in ("known", "left", "bounced", "asked-again"):
        subscriptions.join(address=f"{name}@example.org", language="en")
    gone = Subscriber.objects.filter(fingerprint__in=prints("left", "asked-again"))
    gone.unsubscribe()
    subscriptions.upsert("asked-again@example.org", "en")
    for _time in range(2):  # asked, left by the mail's link, and somebody typed the address again
        Subscriber.objects.filter(fingerprint__in=prints("never-joined")).unsubscribe()
        subscriptions.upsert("never-joined@example.org", "en")
    suppress("bounced@example.org", Cause.BOUNCE)
    suppress("never@example.org", Cause.NOT_ME)
    names = ["known", "left", "asked-again", "never-joined", "bounced", "never", "new", "NEW", "new+tag"]
    one = load(desk, make_list(names))
    assert numbers(one) == {"rows": 9, "new": 1, "known": 3, "left": 3, "suppressed": 2}
    assert addresses(Subscriber.objects.confirmed()) == ["known@example.org", "new+tag@example.org"]


@pytest.mark.parametrize("proof", ["ask", "record"])
@pytest.mark.parametrize("state", ["pending", "joining"])
def test_the_report_does_not_tell_who_has_asked_here_and_not_joined(desk, proof, state):
    subscriptions.join(address="subscribed@example.org", language="en")
    subscriptions.upsert("asked@example.org", "en")
    if state == "joining":
        confirm("asked")
    assert numbers(load(desk, make_list(["subscribed"]), proof=proof)) == {"rows": 1, "known": 1}
    asked, unknown = (load(desk, make_list([name]), proof=proof) for name in ("asked", "unknown"))
    assert numbers(asked) == numbers(unknown) == {"rows": 1, "new": 1}
    for one in (asked, unknown):
        press(desk, one, "undo")
        drain()
    assert numbers_shown(desk, asked) == numbers_shown(desk, unknown)


def numbers_shown(desk: Any, one: SubscriberImport) -> list[str]:
    page: Any = lxml.html.fromstring(page_of(desk, one))
    shown = [cell.text_content().strip() for cell in page.find_class("readonly")]
    return [text for text in shown if text.rstrip(" %").isdecimal()]


def prints(*names: str) -> list[bytes]:
    return [print_of(name) for name in names]


def test_whoever_has_asked_here_and_not_confirmed_is_entered_by_the_proof(desk):
    subscriptions.upsert("ana@example.org", "en")
    one = load(desk, make_list(["ana"]))
    assert one.new == 1
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


def test_whoever_leaves_an_import_by_a_mailed_link_stays_away(desk, client):
    load(desk, make_list(["ana"]))
    subscriptions.unsubscribe(token_digest=bytes(Subscriber.objects.get().unsubscribe_digest))
    assert load(desk, make_list(["ana"])).left == 1
    assert not Subscriber.objects.confirmed().exists()


def test_those_who_are_asked_get_one_mail_and_are_subscribed_by_its_button(desk, outbox_drained, client):
    one = load(desk, make_list(["ana", "bo"]), proof="ask", wording="")
    assert one.new == 2
    outbox_drained()
    assert sorted(message.to[0] for message in mail.outbox) == ["ana@example.org", "bo@example.org"]
    assert not Subscriber.objects.joined().exists()
    ana = Subscriber.objects.get(fingerprint=prints("ana")[0])
    link = str(mail.outbox[[message.to[0] for message in mail.outbox].index("ana@example.org")].body)
    token = subscriptions.confirm_token(bytes(ana.nonce))
    assert token in link
    client.post(f"/newsletter/confirm/{token}/")
    let_join()
    joined: Any = Subscriber.objects.joined().get()
    assert (joined.address, joined.source, joined.state) == ("ana@example.org", one, SubscriberState.CONFIRMED)


def test_their_mails_wait_for_the_budget_of_a_domain(desk, settings):
    settings.MAIL_DOMAIN_BURST, settings.MAIL_DOMAIN_SECONDS = 2, 60
    load_by_hand(desk, make_list(numbered(5)), proof="ask")
    waiting = Item.objects.filter(kind="supporters.newsletter-confirmation")
    assert (waiting.count(), waiting.exclude(reason="").count()) == (5, 3)


def test_whoever_is_asked_and_does_not_answer_is_forgotten(desk):
    load(desk, make_list(["ana"]), proof="ask")
    Subscriber.objects.update(created_at=Subscriber.objects.get().created_at - timedelta(days=15))
    assert retention.delete_unconfirmed() == 1
    assert not Subscriber.objects.exists()


def test_a_proof_needs_its_wording(desk):
    answer = post_list(desk, make_list(["ana"]), wording="")
    assert "Enter the words that they agreed to" in answer.content.decode()
    assert "still to come" in post_list(desk, make_list(["ana"]), consented_on="2999-01-01").content.decode()
    assert "the year again" in post_list(desk, make_list(["ana"]), consented_on="0026-01-01").content.decode()


def test_a_large_list_is_loaded_in_slices_and_goes_on_where_it_stood(desk, outbox_drained, monkeypatch):
    monkeypatch.setattr(handlers.ListHandler, "turn_seconds", -1)
    monkeypatch.setattr(handlers.ListHandler, "pause", timedelta(microseconds=1))
    monkeypatch.setattr(loading, "LIST_CHUNK", 40)
    one = upload(desk, make_list(numbered(100)))
    press(desk, one, "load")
    assert outbox_drained() == 4
    assert numbers(one) == {"rows": 100, "new": 100}
    assert Subscriber.objects.count() == 100


def test_two_workers_do_not_load_a_chunk_twice(desk, monkeypatch):
    monkeypatch.setattr(loading, "LIST_CHUNK", 10)
    press(desk, upload(desk, make_list(numbered(30))), "load")
    first, second = SubscriberImport.objects.get(), SubscriberImport.objects.get()
    next(loading.load(first))
    with pytest.raises(loading.ImportStopped):
        next(loading.load(second))
    assert Subscriber.objects.count() == 10


def test_a_stopped_import_keeps_whom_it_entered_until_it_is_taken_back(desk, outbox_drained, monkeypatch):
    monkeypatch.setattr(loading, "LIST_CHUNK", 10)
    press(desk, upload(desk, make_list(numbered(30))), "load")
    one = SubscriberImport.objects.get()
    steps = loading.load(one)
    next(steps)
    assert "Stopped." in press(desk, one, "stop")
    with pytest.raises(loading.ImportStopped):
        next(steps)
    outbox_drained()
    assert Subscriber.objects.count() == 10
    assert not ImportPart.objects.exists()
    press(desk, one, "undo")
    outbox_drained()
    assert not Subscriber.objects.exists()


def test_taking_back_deletes_whom_it_entered_and_nobody_else(desk, outbox_drained):
    subscriptions.join(address="own@example.org", language="en")
    one = load(desk, make_list(["own", "ana", "bo", "cy"]))
    Subscriber.objects.filter(fingerprint__in=prints("cy")).unsubscribe()
    issue = make_issue()
    issue.dispatches.enter(issue)
    assert "It is being taken back." in press(desk, one, "undo")
    outbox_drained()
    one.refresh_from_db()
    assert (one.state, one.undone) == (ImportState.UNDONE, 2)
    assert addresses(Subscriber.objects.all()) == [None, "own@example.org"]
    assert issue.dispatches.count() == 1
    assert load(desk, make_list(["cy"])).left == 1


def test_taking_back_leaves_those_who_confirmed_themselves(desk, outbox_drained):
    one = load(desk, make_list(["ana", "bo"]), proof="ask")
    confirm("ana")
    let_join()
    press(desk, one, "undo")
    outbox_drained()
    assert addresses(Subscriber.objects.all()) == ["ana@example.org"]


@pytest.mark.parametrize("proof", ["ask", "record"])
def test_taking_back_leaves_the_row_of_those_who_left_and_ask_again(desk, outbox_drained, proof):
    one = load(desk, make_list(["ana"]), proof=proof)
    if proof == "ask":
        confirm("ana")
        let_join()
    Subscriber.objects.all().unsubscribe()
    subscriptions.upsert("ana@example.org", "en")
    press(desk, one, "undo")
    outbox_drained()
    assert Subscriber.objects.joined().count() == 1
    assert load(desk, make_list(["ana"])).left == 1


def load_by_hand(desk: Any, content: str, **about: str) -> SubscriberImport:
    """Load a list and leave the mails that it sends in the outbox."""
    one = upload(desk, content, **about)
    press(desk, one, "load")
    one.refresh_from_db()
    for _step in loading.load(one):
        pass
    return one


def test_taking_back_forgets_the_mails_that_wait_and_those_of_nobody_else(desk, outbox_drained):
    one = load_by_hand(desk, make_list(["ana", "bo"]), proof="ask")
    subscriptions.ask(address="cy@example.org", language="en")
    press(desk, one, "undo")
    for _step in undo.take_back(SubscriberImport.objects.get()):
        pass
    outbox_drained()
    assert [message.to for message in mail.outbox] == [["cy@example.org"]]
    assert addresses(Subscriber.objects.all()) == ["cy@example.org"]


def test_a_mail_in_hand_of_an_import_that_is_being_taken_back_is_not_sent(desk, outbox_drained):
    one = load_by_hand(desk, make_list(["ana"]), proof="ask")
    SubscriberImport.objects.filter(pk=one.pk).update(state=ImportState.UNDOING)
    outbox_drained()
    assert mail.outbox == []


def test_a_list_that_nobody_looks_at_is_wiped_after_a_day(desk):
    one = upload(desk, make_list(["ana"]))
    assert uploads.discard_unseen() == 0
    SubscriberImport.objects.update(created_at=one.created_at - timedelta(days=2))
    assert uploads.discard_unseen() == 1
    assert not ImportPart.objects.exists()
    assert "does not allow that" in press(desk, one, "load")


def test_a_list_can_be_wiped_before_it_is_loaded_and_not_after(desk, outbox_drained):
    one = upload(desk, make_list(["ana"]))
    assert "The list is wiped." in press(desk, one, "discard")
    loaded = load(desk, make_list(["ana"]))
    assert "does not allow that" in press(desk, loaded, "discard")
    assert Subscriber.objects.count() == 1


def test_work_that_was_lost_is_put_again(desk):
    press(desk, upload(desk, make_list(["ana"])), "load")
    Item.objects.all().delete()
    assert handlers.put_missing_work() == 1
    assert handlers.put_missing_work() == 0


def test_each_step_is_in_the_audit_with_numbers_alone(desk, outbox_drained):
    press(desk, load(desk, make_list(["canary"])), "undo")
    press(desk, upload(desk, make_list(["canary"])), "discard")
    stopped = upload(desk, make_list(["canary"]))
    for button in ("load", "stop", "stop"):
        press(desk, stopped, button)
    entries = Entry.objects.filter(act__startswith="subscribers.").order_by("pk")
    uploaded, begun = ("subscribers.uploaded", {"rows": 1, "faulty": 0}), {"rows": 1, "asks": False}
    assert [(entry.act, entry.details) for entry in entries] == [
        uploaded, ("subscribers.imported", begun), ("subscribers.import-undone", {"new": 1}),
        uploaded, ("subscribers.import-discarded", {"new": 0}),
        uploaded, ("subscribers.imported", begun), ("subscribers.import-stopped", {"new": 0}),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["Editor", "Moderator", "Auditor"])
def test_other_roles_import_nothing(desk, role):
    other = at_the_desk(member(role, "other"))
    assert post_list(other, make_list(["ana"])).status_code == 403
    one = upload(desk, make_list(["ana"]))
    for button in ("load", "discard", "stop", "undo"):
        assert other.post(f"/admin/supporters/subscriberimport/{one.pk}/{button}/").status_code == 403


def test_one_wording_is_kept_once(desk):
    load(desk, make_list(["a"]))
    load(desk, make_list(["b"]))
    assert Consent.objects.filter(wording="Yes, write to me.").count() == 1


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_spreadsheet_is_read_as_a_list_whose_lines_are_its_rows(desk, outbox_drained):
    content = workbook([["Name", "Email", "Country"], ["Ana", "ana@example.org", "CH"], [], ["Bo", 17, None]])
    one = upload(desk, content, "list.xlsx")
    assert list(ImportRemark.objects.values_list("number", "reason")) == [(4, "email")]
    press(desk, one, "load")
    outbox_drained()
    assert addresses(Subscriber.objects.all()) == ["ana@example.org"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(100), workbook([])])
def test_what_is_no_spreadsheet_is_a_form_error(desk, content):
    assert post_list(desk, content, "list.xlsx").status_code == 200
    assert not SubscriberImport.objects.exists()


def test_a_chunk_whose_transaction_fails_leaves_nothing_behind(desk):
    press(desk, upload(desk, make_list(["ana"])), "load")
    one = SubscriberImport.objects.get()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next(loading.load(one))
        raise ZeroDivisionError
    one.refresh_from_db()
    assert (one.lines_read, Subscriber.objects.count()) == (0, 0)
