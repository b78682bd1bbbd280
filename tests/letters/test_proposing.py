"""What a campaign proposes to whom (letters/proposing.py), and one text for both senators."""

import pytest
from django.contrib.auth.models import User

from letters.models import Letter, LetterCampaign, Office, Position, Stance
from letters.seeding import seed_letters
from tests.letters.factories import make_campaign, make_office, make_offices
from tests.letters.pages import form_of, press, preview, write

pytestmark = pytest.mark.django_db
THANKS = "Dear [senator],\n\nthank you for supporting [bill]."


def test_a_supporter_is_thanked_and_the_other_asked(client):
    campaign = make_campaign(body_for_supporters=THANKS)
    make_offices()
    supporter = Office.objects.get(bioguide="L000570")
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
    bodies = {letter.office.bioguide: letter.content["body"] for letter in Letter.objects.select_related("office")}
    assert bodies["L000570"] == "Dear Senator Luján,\n\nI am a nurse.\n\nmy one text for both, Senator Luján."
    assert bodies["H001046"] == bodies["L000570"].replace("Luján", "Heinrich")


def test_without_that_wish_an_empty_text_is_an_error(client):
    make_campaign(), make_offices()
    assert preview(client, text_H001046="").status_code == 422


def test_where_there_is_one_senator_there_is_nothing_to_share(client):
    make_campaign(), make_office()
    assert "is_same" not in write(client).content.decode()


def test_staff_see_the_letters_of_three_invented_people(client):
    campaign = seed_letters()
    assert campaign is not None
    client.force_login(User.objects.create_superuser("boss"))
    html = client.get(f"/admin/letters/lettercampaign/{campaign.pk}/preview/").content.decode()
    for part in ("Dear Senator Heinrich,", "Dear Senator Moran,", "Dear Senator Cruz,", "Legal residence: Texas"):
        assert part in html
    assert "Thank you for having stood with Senator Menendez" in html
    assert "[senator]" not in html


def test_the_first_supporters_are_on_record_with_a_source():
    seed_letters()
    positions = Position.objects.select_related("office")
    assert {position.office.last_name for position in positions} == {
        "Moran", "Cassidy", "Boozman", "Markey", "Tillis", "Coons",
    }  # fmt: skip
    assert all(position.source for position in positions)


def test_a_campaign_that_is_closed_by_hand_says_why(client):
    make_campaign(is_paused=True, closing_note="The Senate has adopted the resolution.")
    assert "The Senate has adopted the resolution." in client.get("/letters/support/").content.decode()
    assert LetterCampaign.objects.get().status == "paused"
