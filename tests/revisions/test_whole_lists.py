"""An audience has versions with its actions, and content of the first hour has one from its first minute."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from campaign.revisions import diff, history
from campaign.revisions.models import Version
from letters.models import LetterCampaign
from pages.models import Action, Audience, NewsItem, Page, SiteSettings, TimelineEntry
from petitions.models import Petition
from tests.pages.factories import make_action, make_audience, make_page, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def audience():
    audience = make_audience(name="Doctors")
    make_action(audience, "Ask").sources.create(title="A study")
    history.record(audience, by=None)
    return audience


def test_an_audience_comes_back_with_a_deleted_action_and_its_sources(staff, audience):
    action = audience.actions.get()
    staff.post(reverse("admin:pages_action_delete", args=[action.pk]), {"post": "yes"})
    assert not audience.actions.exists()
    assert [len(version.data["parts"]["actions"]) for version in Version.objects.of(audience)] == [0, 1]
    staff.post(reverse("admin:pages_audience_version_publish", args=[audience.pk, 1]))
    assert audience.actions.get().pk == action.pk
    assert audience.actions.get().sources.get().title == "A study"


def test_an_action_that_is_saved_is_a_version_of_its_audience_as_well(audience):
    action = audience.actions.get()
    action.title = "Ask again"
    action.save()
    assert history.record(action, by=None) is not None
    assert Version.objects.of(audience)[0].data["parts"]["actions"][0]["title"] == "Ask again"
    history.publish(Version.objects.of(audience).get(number=1), by=None)
    action.refresh_from_db()
    assert action.title == "Ask"
    assert Version.objects.of(action)[0].data["title"] == "Ask"


def test_a_version_from_before_actions_were_kept_with_audiences_takes_none_away(audience):
    old = Version.objects.of(audience).get()
    old.data = {**old.data, "name": "Physicians", "parts": {}}
    old.save()
    history.publish(old, by=None)
    assert Audience.objects.get().name == "Physicians"
    assert audience.actions.get().sources.exists()


def test_a_draft_of_an_audience_is_not_published_over_an_action_that_was_saved_since(audience):
    draft = history.record_draft(audience, history.snapshot(audience) | {"name": "Planned"}, by=None)
    Action.objects.update(title="Mended")
    history.record(audience.actions.get(), by=None)
    with pytest.raises(Exception, match="was saved after this draft"):
        history.publish(draft, by=None)


def test_an_audience_costs_the_same_number_of_queries_however_many_actions(audience, django_assert_max_num_queries):
    for number in range(5):
        make_action(audience, f"Action {number}").sources.create(title="A book")
    with django_assert_max_num_queries(5):
        history.snapshot(audience)


def test_first_content_has_a_version_from_its_first_minute():
    call_command("seed_demo")
    for model in (Petition, LetterCampaign, SiteSettings, Page, Audience, Action, TimelineEntry, NewsItem):
        assert [content for content in model.objects.all() if not Version.objects.of(content).exists()] == []
    assert Version.objects.of(Petition.objects.get()).get().note == "first content"


def test_what_is_changed_in_a_list_keeps_what_there_was_before(staff):
    page = make_page(menu="header", menu_order=10)
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": page.pk, "form-0-menu_order": 30, "_save": "1"}
    staff.post(reverse("admin:pages_page_changelist"), data)
    assert [version.data["menu_order"] for version in Version.objects.of(page)] == [30, 10]


def test_differences_of_translations_are_words_in_each_language():
    page = make_page(title="About", translations={"de": {"title": "Über", "_from": {"title": "x"}, "_is_shown": True}})
    old = history.snapshot(page)
    page.translations = {
        "de": {"title": "Über uns", "_from": {"title": "y"}, "_is_shown": False},
        "ar": {"lede": "من نحن", "_from": {}, "_is_shown": True},
    }
    page.save()
    found = {change.where: str(change.shown) for change in diff.changes(Page, old, history.snapshot(page))}
    assert found == {
        "title in German": "Über<ins> uns</ins>",
        "German shown to visitors": "<del>yes</del><ins>no</ins>",
        "lede in Arabic": "<ins>من نحن</ins>",
        "Arabic shown to visitors": "<ins>yes</ins>",
    }


def test_differences_name_what_is_linked_and_chosen():
    page, above = make_page(), make_page("above", title="The page above")
    old = history.snapshot(page)
    page.parent, page.menu = above, "footer"
    page.save()
    found = {change.where: str(change.shown) for change in diff.changes(Page, old, history.snapshot(page))}
    assert found["below"] == "<ins>The page above</ins>"
    assert "Foot of every page" in found["menu"]
