"""What the site says about a signer's data is what it does with it."""

import importlib
import json

import pytest
from babel.messages import pofile
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client

from campaign.revisions import history
from campaign.revisions.models import Version
from pages.models import SiteSettings
from pages.publishing.translatable import text_digest
from pages.translation.editor import lines
from tests.letters.factories import make_list
from tests.pages.factories import make_block, make_letter_campaign, make_page

MIGRATION = importlib.import_module("pages.migrations.0011_true_sentences")
IN_DRAFTS = importlib.import_module("pages.migrations.0012_true_sentences_in_drafts")
UNTRUE = [
    "cannot read them",  # until the mail has gone, the server can read the address
    "cannot read it,",
    "read who signed",
    "not shown to anybody",  # the addressee sees the names
    "Nothing you enter is shown to the public.",  # reasons are
    "Tor Browser hides that too",  # a provider sees that somebody uses Tor
]


def english_texts() -> str:
    with (settings.ROOT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        catalog = pofile.read_po(file)
    seeds = (settings.ROOT / "backoffice/first_content/data").glob("*.toml")
    return "\n".join([*(str(message.id) for message in catalog), *(seed.read_text() for seed in seeds)])


@pytest.mark.parametrize("sentence", UNTRUE)
def test_nothing_is_promised_that_is_not_kept(sentence: str) -> None:
    assert sentence not in english_texts()


def test_the_warning_in_simplified_chinese_can_be_read() -> None:
    assert "在在" not in (settings.ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()


@pytest.mark.parametrize(("untrue", "true"), MIGRATION.SENTENCES)
def test_the_first_content_says_nothing_that_the_migration_mends(untrue: str, true: str) -> None:
    """It may say what is true in better words than the migration put in its place."""
    seeds = "".join(
        path.read_text() for path in (settings.ROOT / "backoffice/first_content/data").rglob("*.toml")
    ).replace("\\\n", "")
    assert untrue not in seeds.replace(true, "")


@pytest.mark.django_db
def test_sentences_of_a_site_that_runs_are_mended_and_those_of_staff_kept() -> None:
    note = "Use a device of your own. Nothing you enter is shown to the public."
    german = "Nehmen Sie ein eigenes Gerät. Nichts, was Sie eingeben, wird öffentlich gezeigt."
    translations = {"de": {"safety_note": german, "_from": {"safety_note": text_digest(note)}}}
    made = SiteSettings.objects.create(name="Name", safety_note=note, translations=translations)
    MIGRATION.mend(apps, None)
    made.refresh_from_db()
    assert made.safety_note == (
        "Use a device of your own. What you enter is not shown to the public unless you ask for it."
    )
    assert "wenn Sie darum bitten" in json.dumps(made.translations, ensure_ascii=False)
    assert not any(line.is_outdated for line in lines(made, "de"))


class Then:
    """The models as the migration found them, when versions belonged to `pages`."""

    @staticmethod
    def get_model(app: str, name: str) -> type[models.Model]:
        return Version if name == "Version" else apps.get_model(app, name)


def with_german(field: str, english: str, german: str) -> dict[str, object]:
    return {field: english, "translations": {"de": {field: german, "_from": {field: text_digest(english)}}}}


@pytest.mark.django_db
def test_a_draft_does_not_put_an_untrue_sentence_back() -> None:
    page = make_page()
    make_block(page)
    data = history.snapshot(page)
    data |= with_german("lede", "Nothing you enter is shown to the public.", "Ihr Name wird niemandem gezeigt.")
    data["parts"]["blocks"][0] |= with_german(
        "body", "<p>Your name is not shown to anybody.</p>", "<p>Ihr Name wird niemandem gezeigt.</p>"
    )
    draft = history.record_draft(page, data, by=None)
    IN_DRAFTS.mend(Then, None)
    history.publish(Version.objects.get(pk=draft.pk), by=None)
    page.refresh_from_db()
    block = page.blocks.get()
    assert page.lede == "What you enter is not shown to the public unless you ask for it."
    assert "goes to the addressee" in block.body
    assert all("geht an die Adressaten" in str(row.translations["de"]) for row in (page, block))
    assert not any(line.is_outdated for line in lines(page, "de"))


@pytest.mark.django_db
def test_what_a_draft_published_since_put_back_is_mended() -> None:
    page = make_page(lede="Your name is not shown to anybody.")
    IN_DRAFTS.mend(Then, None)
    page.refresh_from_db()
    assert "goes to the addressee" in page.lede


@pytest.mark.parametrize(("untrue", "true"), MIGRATION.SENTENCES)
def test_a_sentence_is_mended_once(untrue: str, true: str) -> None:
    assert [IN_DRAFTS.mended(text) for text in (untrue, true)] == [true, true]


OF_SENATE = ("Write to the Senate", "In the United States", "Write to your two senators")


def home_with_letter(client: Client, *lists: str) -> str:
    SiteSettings.objects.create(pk=1, name="Name", letter_campaign=make_letter_campaign(list_slugs=[*lists]))
    return client.get("/").text


@pytest.mark.django_db
def test_letters_to_the_senate_are_announced_as_such(client: Client) -> None:
    page = home_with_letter(client, "us-senate")
    assert [words for words in OF_SENATE if words not in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize("lists", [["xx-parliament"], ["us-senate", "us-house"]])
def test_letters_to_others_are_not_said_to_go_to_senators(client: Client, lists: list[str]) -> None:
    make_list()
    page = home_with_letter(client, *lists)
    assert [words for words in OF_SENATE if words in page] == []
    assert "Write to those who decide" in page
    assert "Write your letters" in page


@pytest.mark.django_db
def test_the_menu_names_the_senate_only_while_all_letters_go_there(client: Client) -> None:
    home_with_letter(client, "us-senate")
    make_letter_campaign("abroad", list_slugs=[make_list().slug])
    assert "Write to the Senate" not in client.get("/").text
