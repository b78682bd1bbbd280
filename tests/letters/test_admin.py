"""The staff's side (letters/admin): case 28."""

import re
from contextlib import suppress
from importlib import import_module

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from letters.models import ChannelName, ChannelStatus, Delivery, Office
from letters.models.delivery_states import State
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_due,
    make_letter,
    make_list,
    make_member,
    make_office,
    make_offices,
    make_ready,
    make_submission,
    states,
)

pytestmark = pytest.mark.django_db
QUEUE = "/admin/letters/delivery/"


@pytest.fixture
def staff(client):
    """Somebody who may see and decide, but not read letters."""
    user = User.objects.create_user("staff", password="x", is_staff=True)
    names = ["view_delivery", "change_delivery", "view_office", "change_office", "view_lettercampaign"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def act(client, action: str, *deliveries: Delivery):
    return client.post(
        QUEUE, {"action": action, "_selected_action": [delivery.pk for delivery in deliveries]}, follow=True
    )


def test_the_queue_shows_states_offices_and_the_oldest_age(client, staff):
    make_confirmed(make_campaign(), make_offices())
    html = client.get(QUEUE).content.decode()
    assert "Martin Heinrich (D-NM)" in html
    assert "Ben Ray Luján (D-NM)" in html
    assert "What waits" in html


def test_the_state_of_a_delivery_and_the_area_of_its_office_are_told_apart(client, staff):
    make_offices(), make_office("A000001", area="AZ")
    make_member(make_list(), area="DE")
    shown = client.get(QUEUE).content.decode()
    titles = ('data-filter-title="state"', 'data-filter-title="area"', 'data-filter-title="list"')
    assert [shown.count(title) for title in titles] == [1, 1, 1]


def test_the_queue_takes_a_constant_number_of_queries(client, staff, django_assert_max_num_queries):
    campaign, offices = make_campaign(), make_offices()
    for number in range(10):
        make_confirmed(campaign, offices, email=f"p{number}@example.org")
    with django_assert_max_num_queries(16):
        client.get(QUEUE)


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("send_again", State.UNKNOWN, State.READY),
        ("send_again", State.DEAD, State.READY),
        ("send_again", State.REJECTED, State.READY),
        ("cancel", State.DEAD, State.WITHDRAWN),
        ("cancel", State.READY, State.WITHDRAWN),
        ("mark_accepted", State.UNKNOWN, State.ACCEPTED),
        ("mark_rejected", State.UNKNOWN, State.REJECTED),
        ("mark_dead", State.UNKNOWN, State.DEAD),
    ],
)
def test_what_staff_decide_is_done_and_written_into_the_log(client, staff, action, before, after):
    delivery = make_ready()
    Item.objects.all().delete()
    Delivery.objects.update(state=before, channel="sandbox")
    act(client, action, delivery)
    delivery.refresh_from_db()
    assert delivery.state == after
    assert LogEntry.objects.get().object_id == str(delivery.pk)
    assert Entry.objects.get().on == f"letters.delivery {delivery.pk}"
    assert Item.objects.filter(kind="letters.delivery").exists() == (after == State.READY)


@pytest.mark.parametrize("action", ["send_again", "cancel", "mark_accepted", "mark_rejected", "mark_dead"])
def test_what_the_table_forbids_stays_as_it_is_and_is_not_logged(client, staff, action):
    delivery = make_ready()
    Delivery.objects.update(state=State.WITHDRAWN)
    answer = act(client, action, delivery)
    assert "could not be" in answer.content.decode()
    assert Delivery.objects.get().state == State.WITHDRAWN
    assert not LogEntry.objects.exists()
    assert not Entry.objects.exists()


def test_staff_cannot_send_what_its_writer_has_not_confirmed(client, staff):
    constituent = make_submission(make_campaign(), [make_office()])
    delivery = Delivery.objects.get()
    assert "1 could not be: it is “unconfirmed”." in act(client, "send_again", delivery).content.decode()
    assert states(constituent) == {"H001046": State.UNCONFIRMED}


def offered(client, delivery: Delivery) -> list[str]:
    """Return the acts for which the page of one letter has a button."""
    page = client.get(f"{QUEUE}{delivery.pk}/change/").content.decode()
    return re.findall(r'name="CHANGE_FORM-action"\s+value="(\w+)"', page)


def press(client, delivery: Delivery, action: str):
    values = {"CHANGE_FORM-action": action, "_selected_action": delivery.pk}
    return client.post(f"{QUEUE}{delivery.pk}/change/", values, follow=True)


@pytest.mark.parametrize("state", State)
def test_the_page_of_a_letter_offers_what_can_be_done_with_it_and_nothing_else(client, staff, state):
    decided = ["send_again", "hand_over", "cancel", "mark_accepted", "mark_rejected", "mark_dead", "mark_taken"]
    delivery = make_ready()
    Delivery.objects.filter(pk=delivery.pk).update(state=state, channel=ChannelName.SANDBOX, queued_for="")
    works = []
    for action in decided:
        with suppress(Undone), transaction.atomic():
            press_in_list = act(client, action, delivery)
            if "1 letter changed" in press_in_list.content.decode():
                works.append(action)
            raise Undone
    assert offered(client, delivery) == works


class Undone(Exception):
    """Takes back what was tried."""


def test_a_letter_is_decided_on_its_own_page(client, staff):
    delivery = make_ready()
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN, channel=ChannelName.SANDBOX, queued_for="")
    answer = press(client, delivery, "mark_accepted")
    assert answer.redirect_chain[-1][0] == QUEUE
    assert "1 letter changed." in answer.content.decode()
    assert Delivery.objects.get().state == State.ACCEPTED
    assert "no longer possible" in press(client, delivery, "mark_accepted").content.decode()


def test_why_letters_could_not_be_changed_is_said_for_each_state(client, staff):
    make_confirmed(make_campaign(), make_offices())
    letters = list(Delivery.objects.order_by("pk"))
    Delivery.objects.filter(pk=letters[0].pk).update(state=State.REJECTED, channel=ChannelName.SANDBOX, queued_for="")
    told = act(client, "mark_accepted", *letters).content.decode()
    assert "1 could not be: it is “rejected”." in told
    assert "1 could not be: it is “ready”, on its way by itself." in told


def test_who_may_only_look_cannot_decide(client, staff):
    staff.user_permissions.remove(Permission.objects.get(codename="change_delivery"))
    delivery = make_ready()
    act(client, "cancel", delivery)
    assert Delivery.objects.get().state == State.READY


def test_the_text_of_a_letter_needs_a_permission_and_each_reading_is_logged(client, staff):
    delivery = make_ready()
    path = f"{QUEUE}{delivery.pk}/letter/"
    assert client.get(path).status_code == client.post(path).status_code == 403
    assert "I am a nurse" not in client.get(f"{QUEUE}{delivery.pk}/change/").content.decode()
    staff.user_permissions.add(Permission.objects.get(codename="read_letter"))
    assert "I am a nurse" not in client.get(path).content.decode()
    assert not LogEntry.objects.exists()
    assert "I am a nurse" in client.post(path).content.decode()
    assert LogEntry.objects.get().get_change_message() == "letter.read"
    assert (Entry.objects.get().who, Entry.objects.get().act) == ("staff", "letter.read")


def test_nothing_of_a_delivery_can_be_typed_over(client, staff):
    delivery = make_ready()
    html = client.get(f"{QUEUE}{delivery.pk}/change/").content.decode()
    assert not re.search(r'<(input|select|textarea)[^>]* name="(?!csrf|_|attempts-)', html)
    client.post(f"{QUEUE}{delivery.pk}/change/", {"attempts_made": "7", "bound_to": "email"})
    delivery.refresh_from_db()
    assert (delivery.attempts_made, delivery.bound_to) == (0, "")


def test_the_attempts_stand_beside_the_letter_with_what_the_other_side_said(client, staff, outbox_drained, sink):
    sink.answers["*"] = "550 no such box"
    office = make_office(email="no@office.example", email_given_by="J. Doe", email_given_on="2026-01-01")
    delivery = make_ready(office)
    make_due()
    outbox_drained()
    assert "550 no such box" in client.get(f"{QUEUE}{delivery.pk}/change/").content.decode()


def save(client, page: str, **changes: str):
    """Sends the form of a page of the admin with these fields changed."""
    fields = client.get(page).context["adminform"].form.initial
    typed = {name: value for name, value in fields.items() if value is not None and value is not False}
    return client.post(page, {**typed, "channels": "", **changes})


def test_a_correction_by_staff_is_remembered(client, staff):
    office = make_office()
    assert save(client, f"/admin/letters/office/{office.pk}/change/", phone="202-555-0100").status_code == 302
    assert Office.objects.get().corrected_fields == ["phone"]


def test_an_office_that_asks_for_it_gets_no_more_by_the_senates_system(client, staff, senate, go):
    delivery = make_letter()
    office = delivery.letter.office
    assert save(client, f"/admin/letters/office/{office.pk}/change/", is_congress_api_stopped="on").status_code == 302
    go(times=2)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (State.ACCEPTED, "sandbox")
    assert not senate.ids


def test_who_gave_an_office_an_address_stands_in_the_audit(client, staff):
    office = make_office()
    given = {"email": "mail@office.example", "email_given_by": "J. Doe", "email_given_on": "2026-01-01"}
    assert save(client, f"/admin/letters/office/{office.pk}/change/", **given).status_code == 302
    assert Office.objects.get().email == "mail@office.example"
    entry = Entry.objects.get()
    assert (entry.who, entry.act, entry.on) == ("staff", "office.changed", f"letters.office {office.pk}")
    assert "E-mail given by" in entry.details["what"]


def test_terms_that_are_over_are_found_at_once(client, staff):
    make_office(term_ends_on="2020-01-03")
    make_office("X000001", area="AZ", name="Somebody Else")
    html = client.get("/admin/letters/office/?term=over").content.decode()
    assert "Martin Heinrich" in html
    assert "Somebody Else" not in html


def test_every_channel_can_be_paused_before_it_was_ever_used(client):
    with connection.cursor() as cursor:  # again, since tests of transactions empty every table when they are done
        for name in ("0012_every_channel", "0030_the_houses_system"):
            cursor.execute(import_module(f"letters.migrations.{name}").ROWS)
    client.force_login(User.objects.create_superuser("boss"))
    html = client.get("/admin/letters/channelstatus/").content.decode()
    assert all(str(label) in html for label in ChannelName.labels)


def test_a_channel_is_paused_and_resumed_by_staff_and_the_audit_says_who(client):
    boss = User.objects.create_superuser("boss")
    client.force_login(boss)
    channel = ChannelStatus.objects.of("senate_api")
    for action in ("pause", "resume"):
        client.post("/admin/letters/channelstatus/", {"action": action, "_selected_action": [channel.pk]})
        channel.refresh_from_db()
        assert bool(channel.paused_because) == (action == "pause")
    assert [entry.act for entry in Entry.objects.order_by("pk")] == ["channel.paused", "channel.resumed"]


@pytest.mark.parametrize(
    ("state", "advice"),
    [(State.UNKNOWN, "Sent again, it may arrive twice."), (State.REJECTED, "The office refused it")],
)
def test_the_page_of_a_stuck_letter_says_what_can_be_done(client, staff, state, advice):
    delivery = make_ready()
    Delivery.objects.filter(pk=delivery.pk).update(state=state, channel=ChannelName.SANDBOX, queued_for="")
    assert advice in client.get(f"{QUEUE}{delivery.pk}/change/").content.decode()
    assert (
        "1 letter changed. Now: “ready”, on its way by itself."
        in press(client, delivery, "send_again").content.decode()
    )


def test_a_campaign_says_that_its_bill_lapsed_as_the_dashboard_does(client, staff):
    campaign = make_campaign(bill_congress=110)
    page = f"/admin/letters/lettercampaign/{campaign.pk}/change/"
    assert "Its bill lapsed with its Congress" in client.get(page).content.decode()
    type(campaign).objects.update(is_paused=True)
    assert "Its bill lapsed with its Congress" not in client.get(page).content.decode()
