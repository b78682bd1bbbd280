"""Who one's senators are (letters/constituency/congress/residence.py): cases 1 to 5, on the project's own tables."""

import pytest

from letters.constituency.congress import zipcodes
from letters.constituency.congress.residence import Ask, NoSenators, Resident, Why, residence
from letters.models.recipients.us_states import STATES


@pytest.mark.parametrize(
    ("state", "zip_code"),
    [("NM", "87501"), ("NM", "87501-1234"), ("TX", "78701"), ("NY", "06390")],
)
def test_a_zip_in_its_state_needs_no_question(state, zip_code):
    assert residence(state, zip_code) == Resident(state)


@pytest.mark.parametrize(
    ("state", "zip_code"), [("AK", "99999"), ("TX", "73301"), ("MA", "05501"), ("MO", "64999-0002")]
)
def test_a_zip_that_the_table_lacks_is_asked_about_and_can_be_confirmed(state, zip_code):
    """All but the first are used by a single recipient of mail, and are in no table of areas."""
    assert residence(state, zip_code) == Ask(Why.UNLISTED, (state,))
    assert residence(state, zip_code, state) == Resident(state)
    assert residence("NM", "99999", "NM") == Resident("NM")  # it begins like one of another state, and that was asked


@pytest.mark.parametrize(
    ("place", "zip_code"),
    [
        ("DC", "20001"),
        ("PR", "00901"),
        ("GU", "96910"),
        ("AS", "96799"),
        ("VI", "00802"),
        ("VI", "00801"),
        ("MP", "96950"),
    ],
)
def test_the_district_and_the_territories_have_no_senators(place, zip_code):
    outcome = residence(place, zip_code)
    assert outcome == NoSenators(place)
    assert not outcome.is_foreign


@pytest.mark.parametrize(("place", "zip_code"), [("FM", "96941"), ("MH", "96960"), ("PW", "96940")])
def test_the_associated_states_are_not_the_united_states(place, zip_code):
    outcome = residence(place, zip_code)
    assert isinstance(outcome, NoSenators)
    assert outcome.is_foreign


@pytest.mark.parametrize(("state", "zip_code"), [("AE", "09012"), ("AP", "96201"), ("AA", "34001"), ("TX", "09012")])
def test_military_mail_asks_for_the_state_of_legal_residence(state, zip_code):
    question = residence(state, zip_code)
    assert isinstance(question, Ask)
    assert question.why == Why.MILITARY
    assert set(STATES) < set(question.options)
    assert residence(state, zip_code, "NM") == Resident("NM")
    assert residence(state, zip_code, "DC") == NoSenators("DC")
    assert residence(state, zip_code, "XX") == question


def test_a_zip_in_two_states_asks_even_if_one_of_them_was_given():
    assert residence("KY", "42223") == Ask(Why.SEVERAL, ("KY", "TN"))
    assert residence("KY", "42223", "TN") == Resident("TN")


def test_a_zip_of_another_state_is_shown_as_a_conflict_and_the_person_decides():
    assert residence("CT", "06390") == Ask(Why.CONFLICT, ("CT", "NY"))
    assert residence("AZ", "10001") == Ask(Why.CONFLICT, ("AZ", "NY"))
    assert residence("AZ", "10001", "AZ") == Resident("AZ")
    assert residence("AZ", "10001", "NY") == Resident("NY")
    assert residence("AZ", "10001", "TX") == Ask(Why.CONFLICT, ("AZ", "NY"))


def test_a_zip_that_begins_like_none_is_asked_about_and_can_be_confirmed():
    assert residence("NM", "00001") == Ask(Why.UNHEARD_OF, ("NM",))
    assert residence("NM", "00001", "NM") == Resident("NM")


def test_a_prefix_without_known_zips_is_asked_about_and_can_be_confirmed():
    unused = next(prefix for prefix, (state, is_used) in zipcodes.prefixes().items() if state in STATES and not is_used)
    state = zipcodes.prefixes()[unused][0]
    assert residence(state, f"{unused}01") == Ask(Why.UNHEARD_OF, (state,))
    assert residence(state, f"{unused}01", state) == Resident(state)


@pytest.mark.parametrize("text", ["1234", "12345X1234", "12345678", "", "१२३४५", "12345-", "12345-12"])
def test_what_is_no_zip_is_refused(text):
    assert zipcodes.clean_zip(text) is None


def test_every_table_names_only_known_places_and_zips():
    known = {state for state, _ in zipcodes.prefixes().values()}
    assert set(STATES) < known
    assert len(zipcodes.prefixes()) == 990
    assert all(len(states) in {2, 3} and set(states) <= set(STATES) for states in zipcodes.several().values())
    assert all(zipcodes.clean_zip(zip_code) for zip_code in [*zipcodes.several(), *zipcodes.exceptions()])
