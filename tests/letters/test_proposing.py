"""What a campaign proposes to whom (letters/proposals/letter_templates.py), and one text for both senators."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from backoffice.first_content.letters import seed_letters
from letters.constituency.congress.chambers import SENATE
from letters.models import Letter, LetterCampaign, Office, Position, RecipientList, Stance
from letters.models.recipients.recipient_lists import US_SENATE
from letters.wizard.salutation import readdressed
from tests.letters.factories import make_campaign, make_office, make_offices
from tests.letters.pages import form_of, press, preview, write

SENATORS = RecipientList(slug=US_SENATE, **SENATE)
pytestmark = pytest.mark.django_db
THANKS = "Dear [senator],\n\nthank you for supporting [bill]."


def test_a_supporter_is_thanked_and_the_other_asked(client):
    campaign = make_campaign(body_for_supporters=THANKS)
    make_offices()
    supporter = Office.objects.get(directory_id="L000570")
    Position.objects.create(campaign=campaign, office=supporter, stance=Stance.SUPPORTS)
    fields = form_of(write(client), "preview").fields
    assert fields["text_L000570"] == "Dear Senator Luján,\n\nthank you for supporting S.Res. 220 (115th Congress)."
    assert fields["text_H001046"].startswith("Dear Senator Heinrich,\n\nplease support")


@pytest.mark.parametrize("stance", [Stance.UNKNOWN, Stance.OPPOSES])
def test_everybody_else_is_asked(client, stance):
    campaign = make_campaign(body_for_supporters=THANKS)
    Position.objects.create(campaign=campaign, office=make_office(), stance=stance)
    assert "please support" in form_of(write(client), "preview").fields["text_H001046"]


def test_thanks_left_untouched_are_not_own_words(client):
    campaign = make_campaign(body_for_supporters=THANKS)
    Position.objects.create(campaign=campaign, office=make_office(), stance=Stance.SUPPORTS)
    press(client, form_of(preview(client), "submit"))
    assert not Letter.objects.get().is_edited


def test_placeholders_of_the_thanks_are_refused_as_well(client):
    make_campaign(body_for_supporters="Dear [senator],\n\n[say what they did]"), make_office()
    page = preview(client, text_H001046="Dear Senator, thank you. [say what they did] Sincerely.")
    assert page.status_code == 422


def test_one_text_can_go_to_both_with_only_the_name_changed(client):
    make_campaign(), make_offices()
    own = "Dear Senator Luján,\n\nmy one text for both, Senator Luján."
    page = preview(client, text_L000570=own, text_H001046="", is_same="on", reason_1="I am a nurse")
    assert page.status_code == 200
    press(client, form_of(page, "submit"))
    bodies = {letter.office.directory_id: letter.content["body"] for letter in Letter.objects.select_related("office")}
    assert bodies["L000570"] == "Dear Senator Luján,\n\nI am a nurse.\n\nmy one text for both, Senator Luján."
    assert bodies["H001046"] == bodies["L000570"].replace("Luján", "Heinrich")


def both(client: Client, own: str, **texts: str) -> dict[str, str]:
    """What goes to each senator of one text, typed for Luján and sent to both."""
    make_campaign(), make_offices()
    page = preview(client, text_L000570=own, text_H001046="", is_same="on", **texts)
    press(client, form_of(page, "submit"))
    return {letter.office.last_name: letter.content["body"] for letter in Letter.objects.select_related("office")}


@pytest.mark.parametrize(
    ("to_one", "to_other"),
    [
        ("Dear Sen. Luján,", "Dear Sen. Heinrich,"),
        ("dear senator lujan,", "dear senator Heinrich,"),
        ("Dear SENATOR LUJÁN:", "Dear SENATOR HEINRICH:"),
        ("Dear Luján,", "Dear Heinrich,"),
        ("Dear Ben,", "Dear Martin,"),
        ("Dear Ben Ray Luján,", "Dear Martin Heinrich,"),
        ("Dear Senator Ben Ray Luján,", "Dear Senator Martin Heinrich,"),
        ("Dear Senator Ben Lujan,", "Dear Senator Martin Heinrich,"),
        ("Dear Mr. Luján,", "Dear Senator Heinrich,"),
        ("The Honorable Ben Ray Luján:", "The Honorable Martin Heinrich:"),
        ("Dear Senators Luján and Heinrich,", "Dear Senators Luján and Heinrich,"),
        ("Dear Senator,", "Dear Senator,"),
        ("Dear Sen. Luján, Jr.,", "Dear Sen. Heinrich,"),
        ("Dear Mr. Luján", "Dear Senator Heinrich"),
        ("Good morning, Dr. Luján!", "Good morning, Senator Heinrich!"),
    ],
)
def test_whichever_way_a_senator_is_addressed_the_other_is_too(client, to_one, to_other):
    sent = both(client, f"{to_one}\n\nplease act, Sen. Luján’s voice counts.")
    is_one_greeting = to_one.startswith("Dear Senators")
    assert sent["Luján"].startswith(to_one)
    assert sent["Heinrich"].startswith(f"{to_other}\n\nplease act")
    assert ("Sen. Heinrich’s" in sent["Heinrich"]) is not is_one_greeting


def test_a_name_in_an_answer_to_a_prompt_is_changed_as_well(client):
    sent = both(client, "Dear Senator Luján,\n\nmy one text.", reason_1="I met Senator Luján in Taos")
    assert "I met Senator Heinrich in Taos." in sent["Heinrich"]


@pytest.mark.parametrize(
    "own",
    [
        "Dear Senator,\n\nI trust in Luján.",
        "Dear Senator,\n\nas Dr. Luján said, and as Ms. Luján, my teacher, taught.",
        "Dear Senator,\n\nthe Department of Luján and Martin Luther Luján.",
        "Luján for all!\n\nDear Senator,\n\nplease act.",
        "Dr. Luján said it best:\n\nact while there is time.",
    ],
)
def test_a_name_that_may_be_a_word_or_somebody_elses_stays_as_it_is(client, own):
    assert set(both(client, own).values()) == {own}


def test_a_greeting_without_a_comma_still_comes_before_the_personal_reason(client):
    sent = both(client, "Dear Mr. Luján\n\nplease act.", reason_1="I am a nurse")
    assert sent["Heinrich"] == "Dear Senator Heinrich\n\nI am a nurse.\n\nplease act."


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011", "\u2013", "\u2212"])
def test_a_double_name_is_known_by_whatever_hyphen_joins_it(hyphen):
    wicker = Office(recipient_list=SENATORS, name="Roger F. Wicker", first_name="Roger", last_name="Wicker")
    hyde_smith = Office(recipient_list=SENATORS, name="Cindy Hyde-Smith", first_name="Cindy", last_name="Hyde-Smith")
    own = f"Dear Ms. Hyde{hyphen}Smith,\n\nthank you, Cindy Hyde{hyphen}Smith."
    assert readdressed(own, hyde_smith, wicker) == "Dear Senator Wicker,\n\nthank you, Roger F. Wicker."


@pytest.mark.parametrize(
    ("to_king", "to_collins"),
    [
        ("Dear Sen. King, Jr.,\n\nthank you.", "Dear Sen. Collins,\n\nthank you."),
        ("Dear Angus S. King, Jr.:\n\nthank you.", "Dear Susan M. Collins:\n\nthank you."),
        ("Dear Senator King,\n\nas Dr. King said, act.", "Dear Senator Collins,\n\nas Dr. King said, act."),
        ("Dear Senator King, as Dr. King said, act.", "Dear Senator Collins, as Dr. King said, act."),
        (
            "Dear Senator,\n\nthe Honorable Angus King, Jr. knows.",
            "Dear Senator,\n\nthe Honorable Susan M. Collins knows.",
        ),
    ],
)
def test_only_the_senator_is_replaced_and_with_the_suffix(to_king, to_collins):
    king = Office(recipient_list=SENATORS, name="Angus S. King, Jr.", first_name="Angus", last_name="King")
    collins = Office(recipient_list=SENATORS, name="Susan M. Collins", first_name="Susan", last_name="Collins")
    assert readdressed(to_king, king, collins) == to_collins


@pytest.mark.parametrize("greeting", ["Dear Senator Luján,", "Dear Sen. LUJAN:", "Luján,"])
def test_a_letter_that_greets_the_other_senator_is_not_sent(client, greeting):
    make_campaign(), make_offices()
    page = preview(client, text_H001046=f"{greeting}\n\nthe same text in both boxes.")
    assert page.status_code == 422
    assert "The letter to Martin Heinrich would say “Luján”" in page.content.decode()


@pytest.mark.parametrize(
    "own",
    [
        "Dear Senator Heinrich,\n\nplease do as Senator Luján did.",
        "Luján for all!\n\nDear Senator Heinrich,\n\nplease act.",
        "Senator Luján’s vote was wise:\n\nplease vote so as well.",
    ],
)
def test_the_other_senator_may_be_spoken_of(client, own):
    make_campaign(), make_offices()
    assert preview(client, text_H001046=own).status_code == 200


def test_own_words_for_the_second_senator_do_not_vanish_when_one_text_goes_to_both(client):
    make_campaign(), make_offices()
    own = "Dear Senator Heinrich,\n\nmy own words for you."
    page = preview(client, text_H001046=own, is_same="on")
    assert page.status_code == 422
    assert "those changes would not be sent" in page.content.decode()
    assert form_of(page, "preview").fields["text_H001046"] == own


def test_own_words_for_the_second_senator_are_there_after_changing_ones_details(client):
    make_campaign(), make_offices()
    own = "Dear Senator Heinrich,\n\nmy own words for you."
    writing = form_of(write(client), "preview")
    first = client.post("/letters/support/", {**writing.fields, "text_H001046": own, "is_same": "on"}, follow=True)
    again = press(client, form_of(first, "letters"), city="Taos")
    assert form_of(again, "preview").fields["text_H001046"] == own


def test_who_comes_back_from_the_preview_can_change_the_one_text_for_both(client):
    make_campaign(), make_offices()
    page = preview(client, text_L000570="Dear Senator Luján,\n\nmy first try.", text_H001046="", is_same="on")
    back = client.post("/letters/support/letters/", form_of(page, "submit").fields, follow=True)
    fields = form_of(back, "preview")
    assert fields.fields["is_same"] == "on"
    assert fields.fields["text_H001046"].startswith("Dear Senator Heinrich,\n\nplease support")
    again = press(client, fields, text_L000570="Dear Senator Luján,\n\nmy second try.")
    press(client, form_of(again, "submit"))
    assert {letter.content["body"][-14:] for letter in Letter.objects.all()} == {"my second try."}


def test_without_that_wish_an_empty_text_is_an_error(client):
    make_campaign(), make_offices()
    assert preview(client, text_H001046="").status_code == 422


def test_where_there_is_one_senator_there_is_nothing_to_share(client):
    make_campaign(), make_office()
    assert "is_same" not in write(client).content.decode()


def test_staff_see_the_letters_of_three_invented_people(client):
    campaign = seed_letters(is_demo=True)
    assert campaign is not None
    client.force_login(User.objects.create_superuser("boss"))
    html = client.get(f"/admin/letters/lettercampaign/{campaign.pk}/preview/").content.decode()
    for part in ("Dear Senator Heinrich,", "Dear Senator Moran,", "Dear Senator Cruz,", "Legal residence: Texas"):
        assert part in html
    assert "Thank you for having stood with Senator Menendez" in html
    assert "[senator]" not in html


def test_the_first_supporters_are_on_record_with_a_source():
    seed_letters(is_demo=True)
    positions = Position.objects.select_related("office")
    assert {position.office.last_name for position in positions} == {
        "Moran", "Cassidy", "Boozman", "Markey", "Tillis", "Coons",
    }  # fmt: skip
    assert all(position.source for position in positions)


def test_a_campaign_that_is_closed_by_hand_says_why(client):
    make_campaign(is_paused=True, closing_note="The Senate has adopted the resolution.")
    assert "The Senate has adopted the resolution." in client.get("/letters/support/").content.decode()
    assert LetterCampaign.objects.get().status == "paused"
