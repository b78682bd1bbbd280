"""Letters in the language of whoever gets them, from addresses of any country; and the way to one's own country."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backoffice.first_content.letters import seed_parliament
from letters.models import ConsentWording, Constituent, Letter, LetterCampaign, LetterCampaignText, Office
from letters.public.selectors import elsewhere
from letters.submission import workflow
from tests.letters.factories import make_campaign, make_list, make_member, make_offices
from tests.letters.pages import form_of, press

pytestmark = pytest.mark.django_db
AT_HOME = {
    "first_name": "Ana",
    "last_name": "Beispielfrau",
    "email": "ana@example.org",
    "country": "DE",
    "street": "Beispielweg 1",
    "city": "Berlin",
    "zip": "10117",
}
EUROPE = "/letters/example-parliament/"
ENGLISH, GERMAN = "Please let me know where you stand.", "Bitte teilen Sie mir mit, wie Sie dazu stehen."


@pytest.fixture
def parliament() -> None:
    assert seed_parliament()


def write(client: Client, path: str = EUROPE, **about: str) -> Any:
    return press(client, form_of(client.get(path), "letters"), **{**AT_HOME, **about})


def texts_in(page: Any) -> dict[str, str]:
    """The texts of the letters by the names of those they go to."""
    fields = form_of(page, "preview").fields
    names = {f"text_{office.directory_id}": office.name for office in Office.objects.all()}
    return {names[name]: text for name, text in fields.items() if name.startswith("text_")}


def test_each_gets_the_letter_in_the_language_that_they_read(client, parliament):
    page = write(client)
    texts = texts_in(page)
    assert texts["Anna Beispiel"].startswith("Guten Tag Anna Beispiel,\n\nich lebe in dem Land")
    assert "(Deutschland)" in texts["Anna Beispiel"]
    assert texts["Chris Beispiel"].startswith("Dear Chris Beispiel,\n\nI live in the country")
    assert "(Germany)" in texts["Chris Beispiel"]
    fields = form_of(page, "preview").fields
    assert fields["subject_de"].startswith("Bitte sprechen Sie sich")
    assert fields["subject"].startswith("Please speak up")
    assert "is_same" not in page.content.decode()


@pytest.mark.parametrize(
    ("path", "sent", "beside", "others"),
    [(EUROPE, GERMAN, ENGLISH, "German"), (f"/de{EUROPE}", ENGLISH, GERMAN, "Englisch")],
)
def test_what_is_sent_stands_beside_the_same_in_the_writers_language(
    client, parliament, outbox_drained, path, sent, beside, others
):
    """In the preview, behind the mailed link, and named in the mail; one of the three reads English, two German."""
    number = 2 if sent == GERMAN else 1
    preview = press(client, form_of(write(client, path), "preview"))
    html = preview.content.decode()
    assert html.count('class="letter-paper"') == 3 + number
    assert beside in html
    press(client, form_of(preview, "submit"))
    bodies = {letter.office.name: letter for letter in Letter.objects.all()}
    assert bodies["Anna Beispiel"].message.text.endswith(
        "\n\nMit freundlichen Grüßen\n\nAna Beispielfrau\nBeispielweg 1\n10117 Berlin\nDeutschland\nana@example.org\n"
    )
    assert bodies["Chris Beispiel"].message.text.endswith("10117 Berlin\nGermany\nana@example.org\n")
    outbox_drained()
    (told,) = mail.outbox
    assert f"language: {others}" in told.body or f"Sprache: {others}" in told.body
    assert GERMAN not in told.body
    token = workflow.confirmation_token(Constituent.objects.get())
    shown = client.get(f"{path.partition('letters/')[0]}letters/confirm/{token}/").content.decode()
    assert shown.count(beside) == 3
    assert "Ana Beispielfrau" in shown


def test_the_paper_letter_closes_in_its_language(client, parliament, outbox_drained):
    press(client, form_of(press(client, form_of(write(client), "preview")), "submit"))
    letter = Letter.objects.get(office__name="Anna Beispiel")
    assert letter.content["language"] == "de"
    assert letter.message.closing == "Mit freundlichen Grüßen"
    assert "language" not in Letter.objects.get(office__name="Chris Beispiel").content


@pytest.mark.parametrize(
    ("about", "is_fine"),
    [
        ({"country": "DE", "zip": "10117"}, True),
        ({"country": "DE", "zip": "1011"}, False),
        ({"country": "DE", "zip": ""}, False),
        ({"country": "PL", "zip": "00-950", "city": "Warszawa"}, True),
        ({"country": "PL", "zip": "10117", "city": "Warszawa"}, False),
        ({"country": "NL", "zip": "1234 ab", "city": "Utrecht"}, True),
        ({"country": "FR", "zip": "33 380", "city": "Biganos"}, True),
    ],
)
def test_a_postal_code_is_what_its_country_has(client, parliament, about, is_fine):
    page = write(client, **about)
    assert page.status_code == (200 if is_fine else 422)


def test_what_was_typed_for_a_country_is_taken_if_it_names_one_and_else_shown_again(client, parliament):
    page = write(client, country="", country_words="Deutschlnd")
    assert page.status_code == 422
    assert 'data-typed="Deutschlnd"' in page.content.decode()
    assert "Choose a country from the list." in page.context["form"].errors["country"]
    page = press(client, form_of(page, "letters"), country_words="Deutschland")
    assert form_of(page, "preview").fields["country"] == "DE"


def test_a_country_without_postal_codes_asks_for_none_and_names_things_as_its_post_does(client):
    council = make_list(finder="country")
    make_member(council, 1, area="HK")
    make_member(council, 2, area="IE")
    make_campaign(list_slugs=[council.slug], default_body="Dear [recipient],\n\nplease speak up for them.")
    path = "/letters/support/"
    assert '<input type="text" name="zip"' in client.get(path).content.decode()
    assert write(client, path, country="HK", zip="", city="Kowloon").status_code == 200
    page = write(client, path, country="IE", zip="10117").content.decode()
    assert "Eircode" in page
    assert "Enter a postal code such as A65 F4E2." in page
    assert write(client, path, country="IE", zip="a65 f4e2", city="Dublin").status_code == 200


def test_what_the_law_of_a_country_wants_is_said_to_its_people_alone_and_kept(client, parliament):
    german = press(client, form_of(write(client, f"/de{EUROPE}"), "preview"))
    assert "jederzeit über den Link" in german.content.decode()
    press(client, form_of(german, "submit"))
    assert "jederzeit über den Link" in Constituent.objects.get().consent.wording
    french = press(client, form_of(write(client, country="FR", zip="33380", city="Biganos"), "preview"))
    assert "withdraw this consent at any time, by the link" not in french.content.decode()
    ConsentWording.objects.create(campaign=LetterCampaign.objects.get(), country="DE", language="zh-hant", text="隨時")
    chinese = press(client, form_of(write(client, f"/zh-hans{EUROPE}"), "preview"))
    assert "隨時" in chinese.content.decode()
    ConsentWording.objects.filter(language="en").delete()
    fallen_back = press(client, form_of(write(client), "preview"))
    assert "jederzeit über den Link" in fallen_back.content.decode()


def test_whoever_lives_elsewhere_is_led_to_the_campaign_of_their_country(client, parliament):
    make_offices()
    make_campaign()
    page = client.get("/letters/support/").content.decode()
    assert f'href="{EUROPE}"' in page
    assert "Austria, France, Germany, Italy, Netherlands, Poland, Spain" in page
    assert 'href="/letters/support/"' in client.get(EUROPE).content.decode()
    address = {"street": "1 Example Street", "city": "Majuro", "state": "MH", "zip": "96960"}
    nobody = write(client, "/letters/support/", **address).content.decode()
    assert f'href="{EUROPE}"' in nobody


def test_a_campaign_without_a_letter_in_a_language_writes_in_english(client):
    council = make_list(finder="everybody", language="de")
    make_member(council, 1)
    campaign = make_campaign(list_slugs=[council.slug], default_body="Dear [recipient],\n\nplease speak up for them.")
    words = {"language": "de", "title": "Schreiben Sie", "ask": "Bitte", "summary": "Es ist wichtig."}
    text = LetterCampaignText.objects.create(campaign=campaign, **words)
    assert texts_in(write(client, "/letters/support/"))["Maria Member1"].startswith("Dear Maria Member1")
    text.letter_subject, text.letter_body = "Bitte um Hilfe", "Guten Tag [recipient],\n\nbitte sprechen Sie darüber."
    text.save()
    assert texts_in(write(client, "/letters/support/"))["Maria Member1"].startswith("Guten Tag Maria Member1")


@pytest.mark.parametrize("country", ["all", "ALL", "\u212aR", "de", "X" * 5000, "../x"])
def test_a_country_that_there_is_not_is_asked_again(client, parliament, country):
    about = {**AT_HOME, "country": country}
    answer = client.post(f"{EUROPE}letters/", about, follow=True)
    assert answer.status_code == 422
    assert 'name="country"' in answer.text


def test_one_text_goes_to_several_only_where_its_salutation_can_be_changed(client, parliament):
    """A German salutation is not known, so a copy would greet the first of them in the letter to the second."""
    Office.objects.filter(name="Chris Beispiel").update(is_current=False)
    page = write(client)
    assert {text[:10] for text in texts_in(page).values()} == {"Guten Tag "}
    assert "is_same" not in page.content.decode()
    form = form_of(page, "preview")
    second = [name for name in form.fields if name.startswith("text_")][1]
    preview = press(client, form, **{second: "[NAME] " * 20, "is_same": "on"})
    assert preview.status_code == 422


def test_who_reads_no_language_of_the_letters_is_shown_the_campaigns_own_and_which_that_is(client, parliament):
    html = press(client, form_of(write(client, f"/ar{EUROPE}"), "preview")).content.decode()
    assert '<div class="letter-paper" lang="en" dir="ltr">' in html


def test_the_text_beside_a_letter_has_the_paragraphs_that_the_letter_has(client, parliament):
    """None, where the letter is in another language than they were written in."""
    campaign = LetterCampaign.objects.get(slug="example-parliament")
    campaign.default_body = campaign.default_body + "\n\n[paragraphs]"
    campaign.paragraphs = "One of ours."
    campaign.save()
    page = write(client)
    assert page.content.decode().count("One of ours.") == 1  # in the one letter that is in English
    assert "One of ours." in texts_in(page)["Chris Beispiel"]


def test_ways_to_other_campaigns_cost_the_same_however_many_there_are(parliament, django_assert_num_queries):
    campaign = make_campaign()
    for number in range(5):
        recipients = make_list(f"list-{number}", finder="country")
        make_member(recipients, area="FR")
        make_campaign(f"other-{number}", list_slugs=[recipients.slug])
    with django_assert_num_queries(4):
        assert len(elsewhere(campaign)) == 6
