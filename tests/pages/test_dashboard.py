"""The first page of the admin."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.outbox.models import OUTAGE, Item, Suppression
from campaign.protection.models import SitePause
from letters.models import ChannelStatus
from pages import charts, dashboard, history
from pages.models import Version
from petitions.handover import approving
from petitions.models import Decision, HandOver
from tests.letters.factories import make_ready
from tests.pages.factories import make_page, make_staff
from tests.pages.test_roles import member
from tests.petitions.factories import make_confirmed, make_petition
from tests.petitions.paper import make_staff as make_other

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


def first_page(client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def test_on_an_empty_site_nothing_needs_anybody(staff):
    answer = first_page(staff)
    assert "Nothing at the moment." in answer
    assert "The five things that staff do most" in answer


def test_work_that_was_given_up_or_waits_too_long_needs_somebody(staff):
    Item.objects.create(kind="x", state="dead")
    Item.objects.create(kind="petitions.confirmation", due_at=timezone.now() - timedelta(hours=1))
    answer = first_page(staff)
    assert "1 piece of work was given up." in answer
    assert "waiting for 60 minutes" in answer


def test_an_outage_of_the_mail_server_needs_somebody(staff):
    soon = timezone.now() + timedelta(minutes=9)
    Item.objects.create(kind="petitions.confirmation", due_at=soon, reason=f"{OUTAGE}: 535")
    assert "the mail server could not be used: 535" in first_page(staff)


def test_letters_that_wait_for_a_channel_that_is_away_need_somebody(staff):
    make_ready().stand_in_line("senate_api")
    ChannelStatus.objects.of("senate_api").note_unreachable("no connection", rest=timedelta(minutes=1))
    assert "Senate API (no connection)" in first_page(staff)


def test_mail_that_was_refused_is_no_trouble_of_ours_unless_it_is_much(staff):
    Item.objects.create(kind="x", state="refused")
    assert "Nothing at the moment." in first_page(staff)
    Item.objects.bulk_create(Item(kind="x", state="refused") for _ in range(99))
    assert "100 mails were refused within a day" in first_page(staff)


def test_what_stands_still_until_somebody_acts_needs_somebody(staff):
    SitePause.objects.update_or_create(pk=1, defaults={"is_on": True})
    petition = make_petition(is_paused=True)
    approving.request(petition=petition, reason="to Geneva", by=make_other("other"))
    Decision.objects.create(petition=petition, country="DE", why="bots", state="running", problem="ValueError")
    answer = first_page(staff)
    assert "Signing and writing are paused everywhere." in answer
    assert "Nobody can sign, as it is paused: Stop it" in answer
    assert "A second person must agree: hand-over" in answer
    assert "A decision by filter stopped half-way: " in answer


def test_a_request_that_nobody_agreed_to_in_a_month_needs_nobody(staff):
    approving.request(petition=make_petition(), reason="to Geneva", by=make_other("other"))
    HandOver.objects.update(requested_at=timezone.now() - timedelta(days=31))
    assert "Nothing at the moment." in first_page(staff)


def test_a_draft_that_could_not_be_published_needs_somebody(staff):
    make_page("taken")
    page = make_page("a", title="Plans")
    draft = history.record_draft(page, history.snapshot(page) | {"slug": "taken"}, by=None)
    history.schedule(draft, due_at=timezone.now() - timedelta(seconds=1), by=None)
    history.publish_due()
    assert "could not be published: Plans" in first_page(staff)


def test_it_shows_petitions_with_a_chart_and_its_table(staff):
    make_confirmed(make_petition())
    answer = first_page(staff)
    assert "Stop it" in answer
    assert answer.count("<rect") == 30
    assert "The numbers" in answer


def test_the_last_changes_are_listed(staff):
    history.record(make_page(title="A page"), by=None)
    assert "A page" in first_page(staff)


def test_it_takes_a_bounded_number_of_queries(staff, django_assert_max_num_queries):
    for number in range(12):
        make_petition(f"petition-{number}")
        page = make_page(f"page-{number}")
        history.record(page, by=None)
        Item.objects.create(kind="x", state="dead")
    with django_assert_max_num_queries(60):
        first_page(staff)
    assert Version.objects.count() == 12


def test_everybody_sees_only_what_they_may(client):
    Item.objects.create(kind="x", state="dead")
    make_petition()
    client.force_login(member("Editor"))
    answer = first_page(client)
    assert "given up" not in answer
    assert "Stop it" in answer
    client.force_login(member("Moderator"))
    assert "confirmed subscriber" not in first_page(client)


def test_the_welcome_page_opens_for_every_role(client):
    for role in ("Editor", "Auditor"):
        client.force_login(member(role))
        assert client.get(reverse("admin:welcome")).status_code == 200


def test_the_parts_of_the_admin_are_in_the_order_of_the_work(staff):
    parts = re.findall(r'class="section"[^>]*>([^<]+)<', first_page(staff))
    assert parts[:5] == ["Pages and news", "Newsletter", "Petitions", "Letters", "The site"]


def test_an_app_has_its_own_page_too(staff):
    assert staff.get(reverse("admin:app_list", args=["pages"])).status_code == 200


def test_days_without_signatures_are_in_the_chart():
    numbers = [(date(2024, 1, 3), 5), (date(2024, 1, 1), 2)]
    days = charts.every_day(numbers, until=date(2024, 1, 3), days=3)
    assert days == [(date(2024, 1, 1), 2), (date(2024, 1, 2), 0), (date(2024, 1, 3), 5)]
    assert [bar.height for bar in charts.bars(days).bars] == [32, 0, 80]
    assert charts.bars([]).bars == []


def test_staff_see_how_many_addresses_get_nothing_more_and_why(staff):
    for number, cause in enumerate(["bounce", "bounce", "complaint"]):
        Suppression.objects.create(fingerprint=bytes([number]), cause=cause)
    Suppression.objects.filter(fingerprint=b"\0").update(created_at=timezone.now() - timedelta(days=30))
    assert dashboard.suppressed() == [("mail came back", 2, 1), ("complaint", 1, 1)]
    assert "Addresses that get nothing more" in first_page(staff)
