"""The chain of the audit (campaign/audit/chain.py): what its owner changes is found, and the first entry is named."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from campaign import audit
from campaign.audit import chain
from campaign.audit.models import Entry, Link, Unlinked
from campaign.outbox.models import Item
from campaign.staff.accounts import address_verification, nightly
from campaign.staff.login import failed_logins
from campaign.staff.models import FormerContact
from tests.race import race

WRITERS, EACH = 8, 25
TABLES = ("audit_entry", "audit_link")


def as_owner(statement: str, *parameters: Any) -> None:
    """Change the audit as nobody but the owner of its tables can."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def checked(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", "--check", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def entries(db: None) -> list[Entry]:
    made = [audit.note("user.made", by="ada", on=f"auth.user {number}", number=number) for number in range(7)]
    chain.link_waiting()
    return made


def test_entries_wait_to_be_linked_and_then_stand_in_the_chain(db: None) -> None:
    made = audit.note("user.made", by="ada", on="site")
    assert Unlinked.objects.get().entry_id == made.pk
    assert "Head: 0:" in checked()
    assert chain.link_waiting() == 1
    assert chain.link_waiting() == 0
    assert not Unlinked.objects.exists()
    link = Link.objects.get()
    assert (link.number, link.entry_id) == (1, made.pk)
    assert chain.check() == chain.Head(1, bytes(link.digest))
    assert str(chain.head()) in checked()


def test_links_are_made_in_slices_and_follow_each_other(entries: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "LINKS_AT_A_TIME", 2)
    more = [audit.note("user.made", by="ada", on="site") for _ in range(5)]
    assert chain.link_waiting() == 5
    assert list(Link.objects.order_by("number").values_list("number", "entry_id")) == list(
        enumerate((one.pk for one in entries + more), start=1)
    )
    assert chain.check().number == 12


CHANGES = {
    "who": "UPDATE audit_entry SET who = 'eve' WHERE id = %s",
    "when": "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = %s",
    "never": "UPDATE audit_entry SET at = 'infinity' WHERE id = %s",
    "what": "UPDATE audit_entry SET act = 'user.seen' WHERE id = %s",
    "on what": """UPDATE audit_entry SET "on" = 'auth.user 99' WHERE id = %s""",
    "details": """UPDATE audit_entry SET details = '{"number": 3.0}' WHERE id = %s""",
    "details beyond numbers": """UPDATE audit_entry SET details = '{"number": 1e400}' WHERE id = %s""",
    "removed": "DELETE FROM audit_entry WHERE id = %s",
    "its link": "UPDATE audit_link SET digest = '\\x00' WHERE entry_id = %s",
    "its link removed": "DELETE FROM audit_link WHERE entry_id = %s",
    "another in its place": "UPDATE audit_link SET entry_id = 0 WHERE entry_id = %s",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_owner_of_the_tables_changes_is_found_at_the_first_entry(entries: list[Entry], change: str) -> None:
    as_owner(CHANGES[change], entries[3].pk)
    as_owner("UPDATE audit_entry SET who = 'eve' WHERE id = %s", entries[5].pk)
    named = {
        "its link removed": f"Link 4 .* before the one of entry {entries[4].pk}",
        "another in its place": "Entry 0 ",
    }
    with pytest.raises(CommandError, match=named.get(change, f"Entry {entries[3].pk} ")) as refused:
        checked()
    assert refused.value.returncode == 1


def test_an_entry_that_is_slipped_in_past_the_trigger_is_found(entries: list[Entry]) -> None:
    as_owner("""INSERT INTO audit_entry (id, who, act, "on", details) VALUES (-1, 'eve', 'x', 'site', '{}')""")
    with pytest.raises(chain.Broken, match="Entry -1 is not in the chain"):
        chain.check()


def test_an_entry_that_is_kept_from_being_linked_is_found(entries: list[Entry]) -> None:
    left_out = audit.note("user.made", by="eve", on="site")
    Unlinked.objects.all().delete()
    with pytest.raises(chain.Broken, match=f"Entry {left_out.pk} is not in the chain"):
        chain.check()


def test_a_chain_that_was_made_anew_lacks_the_head_that_was_mailed(entries: list[Entry]) -> None:
    mailed = str(chain.head())
    audit.note("user.made", by="ada", on="site")
    chain.link_waiting()
    assert "Every entry fits" in checked("--head", mailed)
    as_owner("UPDATE audit_entry SET who = 'eve' WHERE id = %s", entries[2].pk)
    as_owner("DELETE FROM audit_link")
    Unlinked.objects.bulk_create(Unlinked(entry_id=pk) for pk in Entry.objects.values_list("pk", flat=True))
    chain.link_waiting()
    assert "Every entry fits" in checked()
    with pytest.raises(CommandError, match="The chain was made anew"):
        checked("--head", mailed)


def test_a_chain_that_was_cut_off_lacks_the_head_that_was_mailed(entries: list[Entry]) -> None:
    mailed = str(chain.head())
    last = [one.pk for one in entries[-2:]]
    as_owner("DELETE FROM audit_link WHERE entry_id = ANY(%s)", last)
    as_owner("DELETE FROM audit_entry WHERE id = ANY(%s)", last)
    assert "Every entry fits" in checked()
    with pytest.raises(CommandError, match="ends with link 5, before link 7"):
        checked("--head", mailed)


@pytest.mark.parametrize("text", ["", "7", "7:ff", f"-7:{'0' * 64}", f"7:{'G' * 64}", f"{'9' * 30}:{'0' * 64}"])
def test_what_is_no_head_is_refused(db: None, text: str) -> None:
    with pytest.raises(CommandError):
        checked(f"--head={text}")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_link SET number = 9", "DELETE FROM audit_link", "TRUNCATE audit_link"]
)
def test_links_cannot_be_rewritten(entries: list[Entry], statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_link ENABLE TRIGGER USER")
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            cursor.execute(statement)


def test_what_waits_although_it_is_linked_is_not_linked_twice(entries: list[Entry]) -> None:
    """As after a backup's data was loaded into tables whose triggers were there already."""
    Unlinked.objects.bulk_create(Unlinked(entry_id=one.pk) for one in entries)
    chain.link_waiting()
    assert chain.check().number == len(entries)
    assert not Unlinked.objects.exists()


def test_an_entry_of_a_transaction_that_ends_late_is_linked_late(transactional_db: None) -> None:
    def late() -> int:
        with transaction.atomic():
            return audit.note("late", by="ada", on="site").pk

    def early() -> int:
        with transaction.atomic():
            made = audit.note("early", by="ada", on="site")
        chain.link_waiting()
        return made.pk

    first, second = race(late, early, after="audit_entry")
    assert first.result() < second.result()
    assert [link.entry_id for link in Link.objects.all()] == [second.result()]
    chain.link_waiting()
    assert [link.entry_id for link in Link.objects.order_by("number")] == [second.result(), first.result()]
    assert chain.check().number == 2


def test_many_write_and_several_link_at_once_and_nobody_waits(transactional_db: None) -> None:
    def in_thread(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connection.close()

    def write() -> None:
        for _ in range(EACH):
            with transaction.atomic():
                audit.note("user.made", by="ada", on="site")

    def link() -> None:
        for _ in range(EACH):
            chain.link_waiting()

    with ThreadPoolExecutor(WRITERS + 3) as pool:
        list(pool.map(in_thread, [write] * WRITERS + [link] * 3))
    chain.link_waiting()
    assert chain.check().number == WRITERS * EACH


def test_the_head_is_mailed_each_night_to_whoever_manages_accounts(
    entries: list[Entry], outbox_drained: Callable[[], int]
) -> None:
    User.objects.create_superuser("chief", "chief@example.org")
    manager = User.objects.create_user("manager", "manager@example.org", is_staff=True)
    manager.user_permissions.set(Permission.objects.filter(codename="change_user"))
    User.objects.create_user("editor", "editor@example.org", is_staff=True)
    failed_logins.record_failure(failed_logins.FAILED, "chief")
    nightly.mail_report()
    outbox_drained()
    assert sorted(one.to[0] for one in mail.outbox) == ["chief@example.org", "manager@example.org"]
    assert "\n" + str(chain.head()) + "\n" in mail.outbox[0].body
    assert "got 8 entries, and 1 login failed." in mail.outbox[0].body
    assert "Its chain holds." in mail.outbox[0].body


def test_the_head_goes_to_verified_addresses_and_elsewhere_only_where_there_are_none(db: None) -> None:
    ana = User.objects.create_superuser("ana", "ana@example.org")
    address_verification.mark_verified(ana)
    User.objects.filter(pk=ana.pk).update(email="set-by-somebody@example.org")
    User.objects.create_superuser("bo", "bo@example.org")
    User.objects.create_superuser("nobody-reached")
    FormerContact.objects.create(account=0, address="lately@example.org", permissions=["auth.change_user"])
    nightly.mail_report()
    told = sorted(item.secret["address"] for item in Item.objects.filter(kind=nightly.NIGHT))
    assert told == ["ana@example.org", "bo@example.org", "lately@example.org"]


def test_two_schedulers_send_one_mail_a_night(entries: list[Entry]) -> None:
    User.objects.create_superuser("chief", "chief@example.org")
    nightly.mail_report()
    nightly.mail_report()
    assert Item.objects.filter(kind=nightly.NIGHT).count() == 1
    assert Entry.objects.get(act=nightly.MAILED).details == {"head": str(chain.head()), "fault": ""}


def test_the_mail_says_which_entry_does_not_fit(entries: list[Entry], outbox_drained: Callable[[], int]) -> None:
    User.objects.create_superuser("chief", "chief@example.org")
    as_owner("UPDATE audit_entry SET who = 'eve' WHERE id = %s", entries[3].pk)
    nightly.mail_report()
    outbox_drained()
    assert mail.outbox[0].subject == "The audit of this site was changed"
    assert f"Entry {entries[3].pk} is not what it was" in mail.outbox[0].body
