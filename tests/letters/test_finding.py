"""Who one's senators are, as a visitor meets it on the pages: cases 1 to 6."""

import re
from typing import Any

import pytest
from django.test import Client

from letters.constituency.congress.zipcodes import prefixes
from tests.letters.factories import FORM, make_campaign, make_office, make_offices
from tests.letters.pages import Form, form_of, press

pytestmark = pytest.mark.django_db


def write(client: Client, **about: str) -> Any:
    """The page of the second step."""
    return press(client, form_of(client.get("/letters/support/"), "letters"), **{**FORM, **about})


def test_who_has_no_senators_is_told_kindly_and_offered_the_petition(client):
    make_campaign(), make_offices()
    html = write(client, state="DC", zip="20001", city="Washington").content.decode()
    assert "The District of Columbia has no senators" in html
    assert "delegate" in html
    assert 'href="/petitions/stop/"' in html
    assert "Resident Commissioner" in write(client, state="PR", zip="00901").content.decode()
    assert "state in its own right" in write(client, state="PW", zip="96940").content.decode()


def test_military_mail_is_asked_for_the_legal_residence_and_the_letter_says_it(client):
    make_campaign(), make_offices()
    question = write(client, state="AE", zip="09012", city="APO")
    assert question.status_code == 422
    assert "state of legal residence" in question.content.decode()
    texts = press(client, form_of(question, "letters"), residence="NM")
    html = press(client, form_of(texts, "preview")).content.decode()
    assert "APO, AE 09012" in html
    assert "Legal residence: New Mexico" in html


def test_a_zip_in_several_states_asks_and_goes_on_with_the_answer(client):
    make_campaign(), make_office(area="TN")
    question = write(client, state="KY", zip="42223")
    assert question.status_code == 422
    html = question.content.decode()
    assert 'value="KY"' in html
    assert 'value="TN"' in html
    assert press(client, form_of(question, "letters"), residence="TN").status_code == 200


def test_a_conflict_between_state_and_zip_is_shown_and_the_person_decides(client):
    make_campaign(), make_office(area="AZ")
    question = write(client, state="AZ", zip="10001")
    assert question.status_code == 422
    assert "is in a different state" in question.content.decode()
    assert press(client, form_of(question, "letters"), residence="AZ").status_code == 200


def test_a_zip_under_a_prefix_that_is_not_in_use_is_asked_about_and_can_be_confirmed(client):
    make_campaign(), make_offices()
    unused = next(prefix for prefix, (state, is_used) in prefixes().items() if state == "NM" and not is_used)
    question = write(client, zip=f"{unused}01")
    assert question.status_code == 422
    assert "Correct it, or confirm your state" in question.content.decode()
    assert press(client, form_of(question, "letters"), residence="NM").status_code == 200


def test_a_zip_that_the_table_does_not_have_is_confirmed_by_one_button(client):
    make_campaign(), make_office(area="AK")
    question = write(client, state="AK", zip="99999", city="Nowhere")
    assert question.status_code == 422
    assert "Our table does not have this ZIP code" in question.content.decode()
    assert re.search(r'<button type="submit" name="residence" value="AK"', question.content.decode())
    answered = press(client, form_of(question, "letters"), residence="AK")
    assert answered.status_code == 200
    about = press(client, Form("/letters/support/", form_of(answered, "preview").fields))
    assert form_of(about, "letters").fields["residence"] == "AK"
    assert press(client, form_of(question, "letters"), zip="99501").status_code == 200


@pytest.mark.parametrize(("typed", "is_zip"), [("1234", False), ("12345X1234", False), (" 87501-1234 ", True)])
def test_a_zip_that_is_none_is_an_error_and_spaces_do_no_harm(client, typed, is_zip):
    make_campaign(), make_offices()
    assert write(client, zip=typed).status_code == (200 if is_zip else 422)


def test_a_vacant_seat_makes_one_letter_and_says_so(client):
    make_campaign(), make_office()
    html = write(client).content.decode()
    assert "the other seat is vacant" in html
    assert html.count("<textarea") == 1


def test_a_state_without_anybody_on_file_says_so(client):
    make_campaign()
    html = write(client).content.decode()
    assert "Nobody is on our list for the place where you live" in html


def test_a_term_that_is_over_still_gets_letters(client):
    make_campaign(), make_office(term_ends_on="2020-01-03")
    assert "Martin Heinrich" in write(client).content.decode()
