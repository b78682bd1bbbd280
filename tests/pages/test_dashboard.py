"""The first page of the admin."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from backoffice import counts
from campaign.outbox import suppressions
from campaign.outbox.heartbeats import SitePart
from campaign.outbox.models import KEYS_AWAY, OUTAGE, SHORTAGE, Heartbeat, Item, Suppression
from campaign.protection.models import SitePause
from campaign.revisions import history
from campaign.revisions.models import Version
from campaign.secrecy.keypairs import new_keypair, with_check
from campaign.secrecy.models import Period
from campaign.secrecy.periods.keys import Purpose
from campaign.staff.dual_control import workflow
from campaign.supporters import subscriptions
from campaign.web.statistics import charts
from letters.models import ChannelStatus
from letters.models.deliveries import TO_BE_PRINTED
from petitions.models import Decision, HandOver
from tests.letters.factories import make_list, make_member, make_office, make_ready
from tests.pages.factories import make_page, make_staff
from tests.pages.test_roles import member
from tests.petitions.factories import make_confirmed, make_handover, make_petition
from tests.petitions.paper import make_staff as make_other

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_at_work(db):
    """As on a site whose processes run."""
    Heartbeat.objects.bulk_create(Heartbeat(part=part) for part in SitePart)


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


def test_whoever_edits_no_page_is_not_led_to_what_editors_do(client):
    client.force_login(member("Typist"))
    assert "The five things that staff do most" not in first_page(client)
    assert client.get(reverse("admin:welcome")).status_code == 403


def test_the_last_changes_lead_to_where_they_are_undone(client):
    page, petition = make_page(title="Our aims"), make_petition()
    for content in (page, petition):
        history.record(content, by=None, is_noted=True)
    client.force_login(member("Editor"))
    shown = first_page(client)
    assert f'<a href="{reverse("admin:pages_page_history", args=[page.pk])}">Our aims</a>' in shown
    assert reverse("admin:petitions_petition_history", args=[petition.pk]) in shown


def test_work_that_was_given_up_or_waits_too_long_needs_somebody(staff):
    Item.objects.create(kind="x", state="dead")
    Item.objects.create(kind="petitions.confirmation", due_at=timezone.now() - timedelta(hours=1))
    answer = first_page(staff)
    assert "1 piece of work was given up." in answer
    assert "waiting for 60 minutes" in answer


def test_of_very_many_it_is_told_that_they_are_as_many_or_more(staff):
    Item.objects.bulk_create(Item(kind="x", state="dead") for _ in range(10_001))
    assert "10,000 or more pieces of work were given up." in first_page(staff)
    assert [counts.in_words(number) for number in (9_999, 10_000)] == ["9,999", "10,000 or more"]
    assert counts.count(Item.objects.dead(), most=7) == 7


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (SitePart.RELAY, "the relay has not been seen for 4 minutes. They wait and are not lost."),
        (SitePart.SCHEDULER, "the scheduler has not been seen for 4 minutes."),
        (SitePart.WORKER, "no worker has been seen for 4 minutes. Nothing of it is lost."),
    ],
)
def test_everybody_is_told_within_a_minute_what_stands_still(client, part, words):
    client.force_login(member("Editor"))
    assert "Call whoever" not in first_page(client)
    Heartbeat.objects.filter(part=part).update(seen_at=Now() - timedelta(minutes=4))
    assert f"{words} Call whoever runs the server." in first_page(client)


def test_a_part_that_never_was_at_work_is_named(staff):
    Heartbeat.objects.all().delete()
    assert first_page(staff).count("since this site was set up") == 3


def test_it_is_shown_when_each_part_was_last_at_work(staff):
    Heartbeat.objects.filter(part=SitePart.MAIL_SERVER).update(seen_at=Now() - timedelta(hours=1))
    answer = first_page(staff)
    assert answer.count("within the last minute") == len(SitePart) - 1
    assert "60 minutes ago" in answer


def test_backups_that_have_stopped_need_somebody_where_the_site_makes_them(staff, settings):
    backup = Heartbeat.objects.filter(part=SitePart.BACKUP)
    backup.update(seen_at=Now() - timedelta(days=3))
    assert "The last backup was made" not in first_page(staff)
    settings.BACKUP_KEY = with_check(new_keypair().public)
    assert "The last backup was made" in first_page(staff)
    backup.update(seen_at=Now())
    assert "The last backup was made" not in first_page(staff)
    backup.delete()
    assert "The last backup was made: never" in first_page(staff)


def test_an_outage_of_the_mail_server_needs_somebody(staff):
    soon = timezone.now() + timedelta(minutes=9)
    Item.objects.create(kind="petitions.confirmation", due_at=soon, reason=f"{OUTAGE}: 535")
    assert "the mail server could not be used: 535" in first_page(staff)


def test_keys_that_cannot_be_read_or_were_not_destroyed_need_somebody(staff):
    soon = timezone.now() + timedelta(minutes=9)
    Item.objects.create(kind="petitions.confirmation", due_at=soon, reason=f"{KEYS_AWAY}: PermissionError")
    assert "cannot read the folder of keys (KEY_FOLDER): the folder of keys cannot be read: PermissionError" in (
        first_page(staff)
    )
    assert "should have been destroyed" not in first_page(staff)
    Period.objects.update_or_create(
        purpose=Purpose.SHORT, closed_at=None, defaults={"opened_at": timezone.now() - timedelta(hours=31)}
    )
    assert "A key that should have been destroyed is still in use, since" in first_page(staff)


def test_a_disk_that_is_full_needs_somebody(staff):
    soon = timezone.now() + timedelta(minutes=9)
    reason = f"{SHORTAGE}: this server's disk is full"
    Item.objects.create(kind="petitions.confirmation", due_at=soon, reason=reason)
    assert "This server&#x27;s disk is full: work such as mail waits until that is mended" in first_page(staff)


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
    make_handover(petition, by=make_other("other"))
    Decision.objects.create(petition=petition, country="DE", why="bots", state="running", problem="ValueError")
    answer = first_page(staff)
    assert "Signing and writing are paused everywhere." in answer
    assert "Nobody can sign, as it is paused: Stop it" in answer
    assert "A second person must agree: hand-over" in answer
    assert "A decision by filter stopped half-way: " in answer


def test_whoever_asked_for_what_takes_two_people_is_told_that_it_waits_for_a_colleague(staff):
    make_handover(make_petition(), by=User.objects.get(username="staff"))
    answer = first_page(staff)
    assert "Waits for a colleague: hand-over" in answer
    assert "A second person must agree" not in answer


def test_what_was_approved_is_shown_while_it_can_be_stopped(staff):
    for name in ("one", "two"):
        make_other(name)
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    one, two = User.objects.get(username="one"), User.objects.get(username="two")
    workflow.approve(make_handover(make_petition(), by=one), by=two)
    assert "unless somebody stops it: hand-over" in first_page(staff)
    HandOver.objects.update(opens_at=timezone.now() - timedelta(seconds=1))
    assert "Nothing at the moment." in first_page(staff)


def test_a_request_that_nobody_agreed_to_in_a_month_needs_nobody(staff):
    make_handover(make_petition(), by=make_other("other"))
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


def test_translations_that_say_what_the_original_said_before_are_told_with_where_to_look(staff):
    pages = [make_page(f"page-{number}", title=f"Page {number}") for number in range(7)]
    for page in pages:
        page.translations = {"de": {"title": "Seite", "_from": {"title": "of another title"}, "_is_shown": True}}
        page.save()
    shown = first_page(staff)
    told = "Page “Page 6” was changed after it was translated, and says what it said before in: Deutsch."
    assert told in shown
    assert reverse("admin:pages_page_translations", args=[pages[6].pk]) in shown
    assert "So do 2 other texts." in shown


def test_it_takes_a_bounded_number_of_queries(staff, django_assert_max_num_queries):
    for number in range(12):
        make_petition(f"petition-{number}")
        page = make_page(f"page-{number}")
        history.record(page, by=None)
        Item.objects.create(kind="x", state="dead")
    with django_assert_max_num_queries(85):
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


def test_the_welcome_page_opens_for_whoever_edits(client):
    for role in ("Editor", "Campaigner"):
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
    assert suppressions.by_cause() == [("mail came back", 2, 1), ("complaint", 1, 1)]
    assert "Addresses that get nothing more" in first_page(staff)


def test_letters_that_wait_for_a_printer_are_not_called_stuck(staff):
    office = make_office()
    for number, reason in enumerate([TO_BE_PRINTED, "no longer in office"]):
        make_ready(office, email=f"writer{number}@example.org").hold(reason)
    answer = first_page(staff)
    assert "1 letter is stuck." in answer
    assert "1 letter is to be printed." in answer
    assert "field-delivery_id" in staff.get("/admin/letters/delivery/?needs=printer").content.decode()


def test_staff_are_told_weeks_before_that_terms_end(staff):
    today = timezone.now().date()
    make_office("H001046", term_ends_on=today + timedelta(days=50))
    assert "terms of members" not in first_page(staff)
    make_office("L000570", seat=1, term_ends_on=today + timedelta(days=44))
    make_office("M000355", area="KY", term_ends_on=today + timedelta(days=44))
    answer = first_page(staff)
    assert "United States Senate: terms of members end from" in answer
    assert "2 in all" in answer
    assert "letter campaigns, whose bills lapse" in answer
    listed = staff.get("/admin/letters/office/?term=ending").content.decode()
    assert listed.count("field-term_ends_on") == 2


def test_members_of_other_lists_are_not_called_senators(staff):
    today = timezone.now().date()
    parliament, council = make_list(), make_list("xx-council", name="A Council")
    for number, (recipients, days) in enumerate([(parliament, 44), (council, -1), (council, -1)]):
        make_member(recipients, number, term_ends_on=today + timedelta(days=days))
    answer = first_page(staff)
    assert "A Parliament: terms of members end from" in answer
    assert "A Council: the terms of 2 members are over." in answer
    assert "letter campaigns, whose bills lapse" not in answer


def test_staff_see_how_many_are_about_to_join_the_newsletter_unless_each_could_be_found(staff):
    for number in range(10):
        assert "joining together" not in first_page(staff)
        subscriber = subscriptions.upsert(f"ana{number}@example.org", "en")
        subscriptions.confirm(language="en", token_digest=bytes(subscriber.token_digest or b""))
    assert "10 more joining together" in first_page(staff)


def offered(client) -> list[str]:
    """Return what the first page says that the person can do."""
    listed = first_page(client).partition('class="tasks"')[2].partition("</ul>")[0]
    return re.findall(r">([^<>]+)</a>", listed)


def test_each_role_begins_with_its_own_work(client):
    first = {"Typist": "Type a paper sheet", "Moderator": "Decide on held signatures", "Editor": "Write news"}
    for role, work in first.items():
        client.force_login(member(role))
        assert offered(client)[0] == work
    client.force_login(User.objects.get(username="Typist"))
    assert offered(client) == ["Type a paper sheet"]


def test_whoever_may_change_a_petition_is_led_to_its_pause_and_back(client):
    petition = make_petition()
    client.force_login(member("Campaigner"))
    assert "/acts/pause/" in first_page(client)
    petition.is_paused = True
    petition.save()
    assert "/acts/resume/" in first_page(client)
    client.force_login(member("Editor"))
    assert "/acts/" not in first_page(client)


def test_a_translator_finds_what_waits_in_a_language(client):
    make_page("whole")
    client.force_login(member("Editor"))
    answer = client.get(reverse("admin:to_translate"), {"language": "fr"})
    assert [done.language for _content, done, _url in answer.context["waiting"]] == ["fr"]
    assert client.get(answer.context["waiting"][0][2]).status_code == 200
    client.force_login(member("Typist"))
    assert client.get(reverse("admin:to_translate")).status_code == 403


def test_where_nothing_was_changed_that_is_said(client):
    client.force_login(member("Editor"))
    assert "Nothing has been changed yet." in first_page(client)
