"""What visitors read of a campaign, in their language where staff have translated it (letters/models/texts.py)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.first_content import content
from backoffice.first_content.letters import seed_letters
from letters.models import Constituent, LetterCampaign, LetterCampaignText
from tests.letters.factories import FORM, make_campaign, make_offices, make_submission
from tests.letters.pages import Forms, form_of, press

pytestmark = pytest.mark.django_db
GERMAN = {"language": "de", "title": "Unterstützen Sie es", "ask": "Bitte unterstützen.", "summary": "Es ist wichtig."}


@pytest.fixture
def campaign() -> LetterCampaign:
    """In English and German."""
    made = make_campaign()
    LetterCampaignText.objects.create(campaign=made, **GERMAN)
    return made


def test_a_translated_campaign_is_shown_in_the_language_of_the_page(client, campaign):
    html = client.get("/de/letters/support/").content.decode()
    assert "<h1>Unterstützen Sie es</h1>" in html
    assert "Es ist wichtig." in html
    assert "Support it" not in html
    assert "Unterstützen Sie es" in client.get("/de/letters/").content.decode()


def test_what_is_not_translated_is_shown_in_english_and_marked_as_such(client, campaign):
    html = client.get("/ar/letters/support/").content.decode()
    assert '<h1 lang="en" dir="ltr">Support it</h1>' in html


def test_on_a_phone_the_reasons_are_one_tap_from_the_form_and_the_form_from_the_reasons(client, campaign):
    page = client.get("/letters/support/").content.decode()
    assert re.findall(r'only-narrow">\s*<a[^>]*?href="(#\w+)"', page) == ["#why", "#about"]
    assert "It matters." in page.partition('<div id="why"')[2]
    assert 'id="about"' in page
    LetterCampaign.objects.update(opens_at=timezone.now() + timedelta(days=1))
    assert 'href="#why"' not in client.get("/letters/support/").content.decode()


def test_the_letter_itself_stays_english(client, campaign):
    make_offices()
    page = press(client, form_of(client.get("/de/letters/support/"), "letters"), **FORM)
    assert form_of(page, "preview").fields["text_H001046"].startswith("Dear Senator Heinrich,\n\nplease support")


def test_the_mail_names_the_campaign_in_its_readers_language(campaign, outbox_drained):
    make_submission(campaign, make_offices())
    Constituent.objects.update(language="de")
    outbox_drained()
    assert "Unterstützen Sie es" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("german", "shown"), [("Bis bald.", "<p>Bis bald.</p>"), ("", '<p lang="en" dir="ltr">Soon.</p>')]
)
def test_why_it_is_paused_is_said_in_english_rather_than_not_at_all(client, campaign, german, shown):
    LetterCampaign.objects.update(is_paused=True, closing_note="Soon.")
    LetterCampaignText.objects.update(closing_note=german)
    assert shown in client.get("/de/letters/support/").content.decode()


def test_another_campaign_in_the_list_costs_no_further_query(client, campaign, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as alone:
        client.get("/de/letters/")
    LetterCampaignText.objects.create(campaign=make_campaign("other"), **GERMAN)
    with django_assert_max_num_queries(len(alone)):
        assert client.get("/de/letters/").content.decode().count("Bitte unterstützen.") == 2


def test_the_first_campaign_is_translated_into_the_languages_of_the_first_content():
    campaign = seed_letters(is_demo=True)
    assert campaign is not None
    translated = {file.parent.name for file in content.FOLDER.glob("*/site.toml")}
    assert set(campaign.translations) == translated <= set(dict(settings.LANGUAGES))


def save(client, campaign: LetterCampaign, **changes: str):
    """What staff's form of a campaign answers with these fields changed."""
    page = f"/admin/letters/lettercampaign/{campaign.pk}/change/"
    (form,) = (form for form in Forms(client.get(page).content.decode()).forms if not form.action)
    return client.post(page, {**form.fields, **changes})


@pytest.fixture
def by_staff(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def test_staff_write_a_translation_below_the_english_text(by_staff):
    campaign = make_campaign(closes_at=timezone.now() + timedelta(days=9))
    words = {f"texts-0-{name}": value for name, value in GERMAN.items()}
    assert save(by_staff, campaign, **{"texts-TOTAL_FORMS": "1", **words}).status_code == 302
    assert "Unterstützen Sie es" in by_staff.get("/de/letters/support/").content.decode()
    again = save(by_staff, campaign, **{"texts-TOTAL_FORMS": "2", **{f"texts-1-{k}": v for k, v in GERMAN.items()}})
    assert again.status_code == 200
    assert LetterCampaignText.objects.count() == 1


def test_what_is_published_has_an_end(by_staff):
    campaign = make_campaign()
    assert "Say when it ends" in save(by_staff, campaign).content.decode()
    assert save(by_staff, campaign, closes_at_0="2099-01-01", closes_at_1="00:00").status_code == 302
