"""The first content: complete, loaded once, and staff's from then on."""

import re
import tomllib
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from backoffice.first_content import content
from backoffice.first_content.petition import PETITION_TEXTS, SLUG
from campaign.staff.dual_control import workflow
from letters.models import LetterCampaign
from pages.models import Action, Audience, NewsItem, Page, PageBlock, SiteSettings, TimelineEntry
from pages.publishing import richtext
from pages.translation.editor import progress_in
from petitions.models import HandOver, Petition
from tests.petitions.factories import make_handover

CONTENT = (SiteSettings, Page, Audience, Action, TimelineEntry, NewsItem)
LANGUAGES = sorted(folder.name for folder in content.FOLDER.iterdir() if (folder / "site.toml").exists())

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


@pytest.mark.parametrize(
    "path", ["", "who-we-are", "how-you-can-help", "evidence", "contact", "privacy", "accessibility"]
)
def test_every_page_of_it_opens(client, path):
    seed()
    answer = client.get(f"/{path}/" if path else "/")
    assert answer.status_code == 200


def test_every_link_within_it_leads_somewhere(client):
    seed()
    texts = " ".join(
        [*PageBlock.objects.values_list("body", flat=True), *Action.objects.values_list("explanation", flat=True)]
    )
    links = set(re.findall(r'href="(/[^"]*)"', texts))
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_every_button_leads_somewhere(client):
    seed()
    buttons = [row for model in (Action, PageBlock) for row in model.objects.exclude(link_text="")]
    assert [str(row) for row in buttons if client.get(row.target_url).status_code != 200] == []


def test_it_is_said_in_several_languages_with_nothing_left_out():
    seed()
    contents = [content for model in CONTENT for content in model.objects.all()]
    parts = {(language, str(row)): progress_in(row, language, "") for language in LANGUAGES for row in contents}
    assert {key: part for key, part in parts.items() if part.translated < part.texts or part.outdated} == {}
    assert {"ar", "de", "es", "fr", "zh-hant"} <= set(LANGUAGES)


def test_links_keep_to_the_language_and_lead_somewhere(client):
    seed()
    rows = [*PageBlock.objects.all(), *Action.objects.all()]
    for language in LANGUAGES:
        texts = " ".join(str(row.translations.get(language, "")) for row in rows)
        links = set(re.findall(r'href="(/[^"]*)"', texts))
        assert {link.split("/")[1] for link in links} == {language}
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_petition_is_shown_in_each_of_them_and_so_is_its_next_step(client):
    seed()
    for language in LANGUAGES:
        words = tomllib.loads((PETITION_TEXTS / f"{language}.toml").read_text())
        assert words["title"] in client.get(f"/{language}/petitions/{SLUG}/").text
        assert f'href="/{language}/how-you-can-help/"' in client.get(f"/{language}/petitions/{SLUG}/thanks/").text


def test_the_home_page_shows_the_petition_and_the_letter():
    seed()
    site = SiteSettings.load()
    assert site.petition is not None
    assert site.letter_campaign is not None


def test_every_finding_has_its_author_date_and_source():
    seed()
    for entry in TimelineEntry.objects.all():
        assert entry.who
        assert entry.source
        assert entry.source_url.startswith("https://")


@pytest.mark.parametrize("path", sorted(content.FOLDER.rglob("*.toml")), ids=str)
def test_the_data_is_markup_that_the_sanitiser_leaves_alone(path):
    bodies = re.findall(r'(?:body|explanation|what) = (?:"""\n(.*?)"""|"(.*?)"\n)', path.read_text(), re.DOTALL)
    texts = [tomllib.loads(f'x = """\n{long}"""' if long else f'x = "{short}"')["x"] for long, short in bodies]
    # The sanitiser writes the no-break spaces of French by name.
    assert [text for text in texts if richtext.clean(text).replace("&nbsp;", "\N{NO-BREAK SPACE}") != text] == []


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
    settings.DEMO = False
    monkeypatch.setenv("DEMO_PASSWORD", "demo-password")
    out = StringIO()
    call_command("first_content", stdout=out)
    assert "petition, letter campaign, site settings, pages" in out.getvalue()
    petition, campaign = Petition.objects.get(), LetterCampaign.objects.get()
    assert (petition.visibility, petition.active_key, campaign.visibility) == ("draft", None, "draft")
    assert (User.objects.count(), client.get("/").status_code) == (0, 200)
    assert client.get(f"/petitions/{SLUG}/").status_code == 404
    assert client.get("/privacy/").status_code == 200
    call_command("first_content", stdout=out)
    assert "already" in out.getvalue()


def test_a_real_site_is_not_filled_as_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="first_content"):
        call_command("seed_demo")
    assert not Petition.objects.exists()
