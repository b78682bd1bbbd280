"""The book of what staff did (campaign/audit): written with the act, never rewritten."""

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import Permission, User
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from campaign import audit
from campaign.audit import admin
from campaign.audit.models import Entry
from campaign.outbox import queue
from campaign.outbox.models import Item, State


@pytest.fixture
def auditor(client, db):
    user = User.objects.create_user("auditor", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_entry"))
    client.force_login(user)
    return user


def test_an_entry_says_who_did_what_to_what_and_when(db):
    user = User.objects.create_user("ada")
    entry = audit.note("user.made", by="ada", on=user, number=3)
    entry.refresh_from_db()
    assert (entry.who, entry.act, entry.on, entry.details) == (
        "ada",
        "user.made",
        f"auth.user {user.pk}",
        {"number": 3},
    )
    assert timezone.now() - entry.at < timedelta(minutes=1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET who = 'nobody'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_entry SET id = 9 WHERE false",
    ],
)
def test_the_application_cannot_rewrite_the_book(db, statement):
    audit.note("something", by="ada", on="site")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert Entry.objects.get().who == "ada"


@pytest.mark.django_db(transaction=True)
def test_a_note_outside_the_transaction_of_its_act_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        audit.note("something", by="ada", on="site")


def test_what_is_rolled_back_was_not_done_and_not_noted(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.note("something", by="ada", on="site")
        raise ZeroDivisionError
    assert not Entry.objects.exists()


def test_an_auditor_reads_and_can_change_nothing(client, auditor):
    entry = audit.note("something", by="ada", on="site")
    assert "something" in client.get("/admin/audit/entry/").content.decode()
    assert "field-act" not in client.get("/admin/audit/entry/?q=ada2").content.decode()
    page = f"/admin/audit/entry/{entry.pk}/"
    assert client.post(f"{page}change/", {"who": "x"}).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/audit/entry/add/").status_code == 403


EXPORT = "/admin/audit/entry/export/"
ENTRIES = [("ada", "signatures.released", "petitions.signature 7"), ("bob", "page.changed", "pages.page 77")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=petitions.signature 7", ["ada"]),
        ("q=signatures.released", ["ada"]),
        ("q=SIGNAT", ["ada"]),
        ("q=page", ["bob"]),
        ("q= 7", ["bob", "ada"]),
        ("q=nobody", []),
        ("act__exact=page.changed", ["bob"]),
        ("on=petitions.signature", ["ada"]),
        ("on=petitions", []),
        ("who__exact=ada", ["ada"]),
        ("at__gte=2001-01-01 00:00:00%2B00:00", ["bob", "ada"]),
        ("at__gte=2999-01-01 00:00:00%2B00:00", []),
    ],
)
def test_entries_are_found_by_parts_of_words_by_act_person_and_day_and_go_out_as_a_table(client, auditor, asked, found):
    for who, act, on in ENTRIES:
        audit.note(act, by=who, on=on)
    listed = client.get(f"/admin/audit/entry/?{asked}").content.decode()
    assert [who for who in ("bob", "ada") if f'<td class="field-who">{who}</td>' in listed] == found
    table = client.post(f"{EXPORT}?{asked}")
    lines = b"".join(table.streaming_content).decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == found


def test_the_filters_offer_whoever_left_and_the_kinds_of_things(client, auditor):
    audit.note("page.changed", by="gone", on="pages.page 7")
    listed = client.get("/admin/audit/entry/").content.decode()
    assert [link for link in ("?who__exact=gone", "?on=pages.page") if link not in listed] == []


def test_the_list_has_a_button_that_exports_what_it_shows(client, auditor):
    audit.note("page.changed", by="ada", on="pages.page 7")
    listed = client.get("/admin/audit/entry/?act__exact=page.changed&q=ada").content
    page: Any = lxml.html.document_fromstring(listed)
    button = page.xpath('//form[@method="post"][.//button[contains(., "CSV")]]/@action')
    assert button == [f"{EXPORT}?act__exact=page.changed&q=ada"]


def test_an_export_is_noted_with_its_filters_and_without_the_words_that_were_searched_for(client, auditor):
    client.post(f"{EXPORT}?act__exact=page.changed&q=somebody@example.org")
    noted = Entry.objects.get(act="audit.exported")
    assert (noted.who, noted.details) == ("auditor", {"filters": "act__exact=page.changed", "is_searched": True})


def test_opening_the_address_of_the_export_exports_and_notes_nothing(client, auditor):
    assert client.get(EXPORT).status_code == 405
    assert not Entry.objects.exists()


def test_a_table_of_the_audit_holds_no_formula_and_all_slices(client, auditor, monkeypatch):
    monkeypatch.setattr(admin, "ROWS_AT_A_TIME", 2)
    for number in range(5):
        audit.note("page.changed", by="=cmd()", on=f"pages.page {number}")
    lines = b"".join(client.post(EXPORT).streaming_content).decode().splitlines()
    assert [line.split(",")[1] for line in lines] == ["who", *["'=cmd()"] * 5]


def test_without_the_permission_the_book_is_closed(client, auditor):
    auditor.user_permissions.clear()
    assert client.get("/admin/audit/entry/").status_code == 403
    assert client.post(EXPORT).status_code == 403


def test_the_dashboard_says_that_the_site_could_change_its_own_book(client, auditor, settings):
    """The tests run as the owner of the database, as a site with one role does."""
    assert "could change the audit" not in client.get("/admin/").content.decode()
    settings.DEMO = False
    settings.STAFF_SECOND_FACTOR = False
    assert "could change the audit" in client.get("/admin/").content.decode()


def test_staff_who_try_dead_work_again_are_noted(client, auditor):
    auditor.user_permissions.set(Permission.objects.filter(codename__in=["view_item", "change_item"]))
    item = queue.put("petitions.confirmation", payload={"signature": 1})
    Item.objects.update(state=State.DEAD)
    client.post("/admin/outbox/item/", {"action": "try_again", "_selected_action": [item.pk]})
    entry = Entry.objects.get()
    assert (entry.who, entry.act, entry.on) == ("auditor", "work.retried", f"outbox.item {item.pk}")


def test_staff_delete_what_was_given_up_and_nothing_else_and_are_noted(client, auditor):
    auditor.user_permissions.set(Permission.objects.filter(codename__in=["view_item", "delete_item"]))
    dead, refused, waiting = (queue.put("petitions.confirmation", payload={"signature": n}) for n in range(3))
    Item.objects.filter(pk=dead.pk).update(state=State.DEAD)
    Item.objects.filter(pk=refused.pk).update(state=State.REFUSED)
    every = {"action": "delete_selected", "_selected_action": [dead.pk, refused.pk, waiting.pk], "post": "yes"}
    assert client.post("/admin/outbox/item/", every).status_code == 403
    assert client.post(f"/admin/outbox/item/{waiting.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/outbox/item/", every | {"_selected_action": [dead.pk]})
    client.post(f"/admin/outbox/item/{refused.pk}/delete/", {"post": "yes"})
    assert Item.objects.get() == waiting
    assert set(Entry.objects.values_list("act", "on")) == {
        ("item.deleted", f"outbox.item {dead.pk}"),
        ("item.deleted", f"outbox.item {refused.pk}"),
    }
