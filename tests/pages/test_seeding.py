"""The first content: complete, loaded once, and staff's from then on."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from backoffice.first_content.petition import SLUG
from campaign.staff.dual_control import workflow
from letters.models import LetterCampaign
from pages.models import Action, Audience, NewsItem, Page, TimelineEntry
from petitions.models import HandOver, Petition
from tests.petitions.factories import make_handover

pytestmark = pytest.mark.django_db


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def test_an_empty_site_is_filled():
    assert "pages" in seed()
    assert {"who-we-are", "how-you-can-help", "evidence", "privacy", "accessibility", "contact"} <= set(
        Page.objects.values_list("path", flat=True)
    )
    assert Audience.objects.count() == 6
    assert NewsItem.objects.count() == 3
    assert TimelineEntry.objects.count() == 6


def test_the_second_time_says_so_and_keeps_what_staff_wrote():
    seed()
    Page.objects.filter(path="who-we-are").update(title="Who we really are")
    Action.objects.filter(order=10).delete()
    number = Action.objects.count()
    assert "already" in seed()
    assert Page.objects.get(path="who-we-are").title == "Who we really are"
    assert Action.objects.count() == number


def test_what_staff_removed_altogether_is_not_brought_back_in_part():
    seed()
    Page.objects.get(path="contact").delete()
    seed()
    assert not Page.objects.filter(path="contact").exists()


@pytest.mark.parametrize(("password", "number"), [("demo-password", 1), ("", 0)])
def test_the_demo_has_a_staff_account_if_it_was_given_a_password(monkeypatch, password, number):
    monkeypatch.setenv("DEMO_PASSWORD", password)
    seed()
    assert User.objects.filter(username="demo", is_superuser=True).count() == number


def test_the_staff_of_the_demo_can_hand_a_petition_over(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "demo-password")
    seed()
    demo, colleague = User.objects.order_by("pk")
    handover = make_handover(Petition.objects.earliest("pk"), by=demo)
    workflow.approve(handover, by=colleague)
    assert HandOver.objects.get().approved_by == colleague


def test_a_real_site_gets_everything_but_nothing_asks_before_staff_say_so(client, settings, monkeypatch):
    settings.DEMO, settings.DEFAULT_FROM_EMAIL = False, "The coalition <post@campaign.example>"
    monkeypatch.setenv("DEMO_PASSWORD", "demo-password")
    out = StringIO()
    call_command("first_content", stdout=out)
    assert "petition, letter campaign, site settings, pages" in out.getvalue()
    petition, campaign = Petition.objects.get(), LetterCampaign.objects.get()
    assert (petition.visibility, petition.active_key, campaign.visibility) == ("draft", None, "draft")
    assert (User.objects.count(), client.get("/").status_code) == (0, 200)
    home = client.get("/").content.decode()
    assert 'class="button" href="/how-you-can-help/"' in home
    assert "mailto:post@campaign.example" in home
    assert "contact@example.org" not in home
    assert client.get(f"/petitions/{SLUG}/").status_code == 404
    assert client.get("/privacy/").status_code == 200
    call_command("first_content", stdout=out)
    assert "already" in out.getvalue()


def test_a_real_site_is_not_filled_as_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="first_content"):
        call_command("seed_demo")
    assert not Petition.objects.exists()
