"""The book of what staff did (campaign/audit): written with the act, never rewritten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from campaign import audit
from campaign.audit.models import Entry
from campaign.outbox import work
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
    assert "something" not in client.get("/admin/audit/entry/?q=ada2").content.decode()
    page = f"/admin/audit/entry/{entry.pk}/"
    assert client.post(f"{page}change/", {"who": "x"}).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/audit/entry/add/").status_code == 403


def test_without_the_permission_the_book_is_closed(client, auditor):
    auditor.user_permissions.clear()
    assert client.get("/admin/audit/entry/").status_code == 403


def test_staff_who_try_dead_work_again_are_noted(client, auditor):
    auditor.user_permissions.set(Permission.objects.filter(codename__in=["view_item", "change_item"]))
    item = work.put("petitions.confirmation", payload={"signature": 1})
    Item.objects.update(state=State.DEAD)
    client.post("/admin/outbox/item/", {"action": "try_again", "_selected_action": [item.pk]})
    entry = Entry.objects.get()
    assert (entry.who, entry.act, entry.on) == ("auditor", "work.retried", f"outbox.item {item.pk}")


def test_staff_delete_what_was_given_up_and_nothing_else_and_are_noted(client, auditor):
    auditor.user_permissions.set(Permission.objects.filter(codename__in=["view_item", "delete_item"]))
    dead, refused, waiting = (work.put("petitions.confirmation", payload={"signature": n}) for n in range(3))
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
