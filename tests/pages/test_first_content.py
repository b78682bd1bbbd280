"""What the first content holds: whole in every language, with links that lead somewhere and sources that are named."""

import re
import tomllib
from collections.abc import Iterator

import pytest
import pytest_django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from backoffice.first_content import content
from backoffice.first_content.petition import PETITION_TEXTS, SLUG
from pages.models import Action, Audience, NewsItem, Page, PageBlock, SiteSettings, TimelineEntry
from pages.publishing import richtext
from pages.translation.editor import progress_in

CONTENT = (SiteSettings, Page, Audience, Action, TimelineEntry, NewsItem)
LANGUAGES = sorted(folder.name for folder in content.FOLDER.iterdir() if (folder / "site.toml").exists())

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("filled")]


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """A demo, filled once for all that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo")
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "path", ["", "who-we-are", "how-you-can-help", "evidence", "contact", "privacy", "accessibility"]
)
def test_every_page_of_it_opens(client, path):
    answer = client.get(f"/{path}/" if path else "/")
    assert answer.status_code == 200


def test_every_link_within_it_leads_somewhere(client):
    texts = " ".join(
        [*PageBlock.objects.values_list("body", flat=True), *Action.objects.values_list("explanation", flat=True)]
    )
    links = set(re.findall(r'href="(/[^"]*)"', texts))
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_every_button_leads_somewhere(client):
    buttons = [row for model in (Action, PageBlock) for row in model.objects.exclude(link_text="")]
    assert [str(row) for row in buttons if client.get(row.target_url).status_code != 200] == []


def test_it_is_said_in_several_languages_with_nothing_left_out():
    contents = [content for model in CONTENT for content in model.objects.all()]
    parts = {(language, str(row)): progress_in(row, language, "") for language in LANGUAGES for row in contents}
    assert {key: part for key, part in parts.items() if part.translated < part.texts or part.outdated} == {}
    assert {language.replace("_", "-") for language in LANGUAGES} == {code for code, _ in settings.LANGUAGES} - {"en"}


def test_links_keep_to_the_language_and_lead_somewhere(client):
    rows = [*PageBlock.objects.all(), *Action.objects.all()]
    for language in LANGUAGES:
        texts = " ".join(str(row.translations.get(language, "")) for row in rows)
        links = set(re.findall(r'href="(/[^"]*)"', texts))
        assert {link.split("/")[1] for link in links} == {language}
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_petition_is_shown_in_each_of_them_and_so_is_its_next_step(client):
    for language in LANGUAGES:
        words = tomllib.loads((PETITION_TEXTS / f"{language}.toml").read_text())
        assert words["title"] in client.get(f"/{language}/petitions/{SLUG}/").text
        assert f'href="/{language}/how-you-can-help/"' in client.get(f"/{language}/petitions/{SLUG}/thanks/").text


def test_the_home_page_shows_the_petition_and_the_letter():
    site = SiteSettings.load()
    assert site.petition is not None
    assert site.letter_campaign is not None


def test_every_finding_has_its_author_date_and_source():
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
