"""Print runs (letters/delivery/paper/print_runs.py and its admin): printed, posted and taken back as one."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from campaign.audit.models import Entry
from letters.delivery import staff_actions
from letters.models import Delivery, Office, PrintRun
from letters.models.delivery_states import NotAllowed, State
from letters.submission import retention, workflow
from tests.letters.factories import make_due, make_office, make_ready

pytestmark = pytest.mark.django_db
RUNS, QUEUE = "/admin/letters/printrun/", "/admin/letters/delivery/"
NAMES = ["Ana", "Bo", "Cy"]


@pytest.fixture
def office() -> Office:
    return make_office(channels=["print"], postal_address="709 Hart Building, Washington DC 20510")


@pytest.fixture
def letters(office, settings, outbox_drained) -> list[Delivery]:
    """Three that are held for the printer, to one office."""
    settings.LETTER_CHANNELS = ["print"]
    for name in NAMES:
        make_ready(office, first_name=name, email=f"{name}@example.org")
    make_due()
    outbox_drained()
    return list(Delivery.objects.to_print().order_by("ready_at", "pk"))


@pytest.fixture
def boss(client) -> Client:
    user = User.objects.create_user("boss", is_staff=True)
    may = ["view_printrun", "change_printrun", "view_delivery", "change_delivery", "read_letter"]
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(user)
    return client


def print_all(desk: Client, office: Office) -> PrintRun:
    assert desk.post(f"{RUNS}office/{office.pk}/").status_code == 302
    return PrintRun.objects.get()


def press(desk: Client, run: PrintRun, name: str, **data: Any) -> str:
    return desk.post(f"{RUNS}{run.pk}/{name}/", data, follow=True).content.decode()


def page(desk: Client, run: PrintRun) -> str:
    return desk.get(f"{RUNS}{run.pk}/change/").content.decode()


def states() -> set[tuple[str, bool]]:
    return {(one.state, bool(one.printed_at)) for one in Delivery.objects.all()}


def test_all_that_waits_for_an_office_is_printed_at_a_click_and_posted_as_one(boss, office, letters):
    other = make_office("X1", area="AZ", name="Ada Other", channels=["print"], postal_address="Elsewhere")
    shown = boss.get(RUNS).content.decode()
    assert "3 letters" in shown
    assert str(other) not in shown
    run = print_all(boss, office)
    assert (run.letter_count, run.printed_by, run.posted_at) == (3, "boss", None)
    assert [one.print_number for one in Delivery.objects.order_by("ready_at", "pk")] == [1, 2, 3]
    assert boss.post(f"{RUNS}{run.pk}/pdf/").content.startswith(b"%PDF")
    assert "3 letters changed." in press(boss, run, "post")
    run.refresh_from_db()
    assert (run.posted_by, states()) == ("boss", {(State.ACCEPTED, True)})
    assert "posted or undone meanwhile" in press(boss, run, "post")
    acts = list(Entry.objects.filter(who="boss").order_by("pk").values_list("act", flat=True))
    assert acts == ["print-run.printed", "print-run.read", "print-run.posted"]


def test_what_was_withdrawn_since_is_named_before_posting_and_stays_out(boss, office, letters):
    run = print_all(boss, office)
    workflow.withdraw(Delivery.objects.get(pk=letters[0].pk))
    assert "withdrawn meanwhile" in press(boss, run, "post")
    shown = page(boss, run)
    assert "No. 1" in shown
    assert "Ana Núñez" in shown
    retention.erase(letters[1].letter.constituent)
    assert "withdrawn meanwhile" in press(boss, run, "post", seen=["1"])
    shown = page(boss, run)
    assert "No. 2" in shown
    assert "Bo Núñez" not in shown
    assert "1 letter changed." in press(boss, run, "post", seen=["1", "2"])
    assert Delivery.objects.get(state=State.ACCEPTED).print_number == 3


def test_that_it_was_posted_can_be_taken_back_and_then_that_it_was_printed(boss, office, letters):
    run = print_all(boss, office)
    press(boss, run, "post")
    assert "3 letters changed." in press(boss, run, "undo")
    assert states() == {(State.READY, True)}
    assert "3 letters changed." in press(boss, run, "undo")
    assert states() == {(State.READY, False)}
    run.refresh_from_db()
    assert run.undone_by == "boss"
    assert "posted or undone meanwhile" in press(boss, run, "post")
    assert boss.post(f"{RUNS}office/{office.pk}/").status_code == 302
    assert list(PrintRun.objects.values_list("letter_count", flat=True)) == [3, 3]


def test_what_is_at_the_office_is_not_sent_again(boss, office, letters):
    press(boss, print_all(boss, office), "post")
    with pytest.raises(NotAllowed):
        staff_actions.retry(Delivery.objects.with_letter()[0])


def test_who_may_not_read_letters_prints_none_and_sees_no_names(boss, office, letters):
    run = print_all(boss, office)
    workflow.withdraw(Delivery.objects.get(pk=letters[0].pk))
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="read_letter"))
    assert boss.post(f"{RUNS}{run.pk}/pdf/").status_code == 403
    assert boss.post(f"{RUNS}office/{office.pk}/").status_code == 403
    shown = page(boss, run)
    assert "No. 1" in shown
    assert "Ana Núñez" not in shown
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="change_printrun"))
    assert boss.post(f"{RUNS}{run.pk}/post/").status_code == 403


def test_opening_an_address_changes_nothing(boss, office, letters):
    assert boss.get(f"{RUNS}office/{office.pk}/").status_code == 302
    assert not PrintRun.objects.exists()
    run = print_all(boss, office)
    for name in ("post", "undo", "pdf"):
        assert boss.get(f"{RUNS}{run.pk}/{name}/").status_code == 302
    assert states() == {(State.READY, True)}


def test_letters_are_found_by_office(boss, office, letters):
    other = make_ready(make_office("X1", area="AZ", name="Ada Other"), email="x@example.org")
    for query in (f"?office={office.pk}", "?q=Heinrich"):
        shown = boss.get(QUEUE + query).content.decode()
        assert letters[0].delivery_id in shown
        assert other.delivery_id not in shown
