"""Senators from a list (comparison.py and senators.py in letters/constituency/congress/): case 6."""

import copy
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from backoffice.first_content.letters import seed_letters
from letters.constituency.congress import senators
from letters.constituency.congress.chambers import chamber
from letters.constituency.imports import comparison
from letters.constituency.imports.records import OfficeRecord
from letters.models import LetterCampaign, Office, OfficeImport
from letters.models.recipients.recipient_lists import US_SENATE
from letters.models.recipients.us_states import STATES
from tests.letters.factories import make_office

pytestmark = pytest.mark.django_db

KING = {
    "id": {"bioguide": "K000383"},
    "name": {"first": "Angus", "last": "King", "suffix": "Jr.", "official_full": "Angus S. King, Jr."},
    "terms": [
        {"type": "rep", "start": "2001-01-03", "end": "2003-01-03", "state": "ME", "district": 1},
        {
            "type": "sen",
            "start": "2025-01-03",
            "end": "2031-01-03",
            "state": "ME",
            "class": 1,
            "party": "Independent",
            "url": "https://www.king.senate.gov",
            "address": "133 Hart Senate Office Building Washington DC 20510",
            "phone": "202-224-5344",
        },
    ],
}
REPRESENTATIVE = {"id": {"directory_id": "X000001"}, "name": {"first": "A", "last": "B"}, "terms": [{"type": "rep"}]}


def upstream(records: list[OfficeRecord]) -> list[dict[str, Any]]:
    """`records` in the format of congress-legislators."""
    return [
        {
            "id": {"bioguide": record["directory_id"]},
            "name": {"first": record["first_name"], "last": record["last_name"], "official_full": record["name"]},
            "terms": [
                {
                    "type": "sen",
                    "state": record["area"],
                    "class": record["seat"],
                    "party": record["party"],
                    "start": str(record["term_starts_on"]),
                    "end": str(record["term_ends_on"]),
                }
            ],
        }
        for record in records
    ]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_senators", *arguments, "--no-input", stdout=out)
    return out.getvalue()


def test_the_projects_own_file_holds_two_senators_of_each_state():
    records = senators.project_records()
    assert len(records) == 100
    assert {record["area"] for record in records} == set(STATES)
    assert len({record["directory_id"] for record in records}) == 100
    assert all(record["contact_form"].startswith("https://") for record in records)
    assert not any(record["contact_form"].endswith("/") and " " in record["contact_form"] for record in records)


def test_importing_it_twice_changes_nothing_the_second_time():
    run()
    assert Office.objects.current().count() == 100
    assert "in line with this list" in run()
    assert OfficeImport.objects.count() == 1


def test_terms_that_are_over_are_warned_of_and_stay():
    assert "the term of Ashley Moody is over" in run()
    assert Office.objects.term_over().filter(name="Ashley Moody").exists()


def test_a_vacancy_is_reported_and_applied():
    difference = comparison.compare_with_offices(chamber(US_SENATE), senators.project_records()[1:])
    assert "Alaska has 1 instead of 2" in difference.warnings


def test_a_list_that_is_too_short_is_refused_and_the_old_data_stays():
    run()
    with pytest.raises(comparison.Nonsense, match="only 89 members"):
        comparison.compare_with_offices(chamber(US_SENATE), senators.project_records()[:89])
    assert Office.objects.current().count() == 100


@pytest.mark.parametrize(
    "double",
    [
        {"directory_id": "X000001"},  # two in a seat
        {"area": "WY", "seat": 3},  # one person in two
    ],
)
def test_what_a_list_has_twice_is_left_out_and_stays_as_it_is(double):
    run()
    first, *others = senators.project_records()
    difference = comparison.compare_with_offices(chamber(US_SENATE), [first, *others, {**first, **double}])
    assert {one.name for one in difference.left_out} == {first["name"]}
    assert not difference


def test_a_wrong_class_in_one_entry_puts_nobody_out_of_office():
    """Both entries of the seat that now stands twice are left out, and so nothing is known of the other seat."""
    run()
    first, *others = senators.project_records()
    assert (first["name"], first["seat"]) == ("Dan Sullivan", 2)
    difference = comparison.compare_with_offices(chamber(US_SENATE), [{**first, "seat": 3}, *others])
    assert len(difference.left_out) == 2
    assert not difference


def test_a_faulty_entry_beside_a_good_one_for_the_same_seat_leaves_that_seat_as_it_is():
    run()
    people = upstream(senators.project_records())
    people[0]["terms"][0]["party"] = ""
    people.append(copy.deepcopy(people[0]))
    people[-1]["id"]["bioguide"], people[-1]["terms"][0]["party"] = "N000001", "Green"
    difference = comparison.compare_with_offices(chamber(US_SENATE), *senators.parse(json.dumps(people)))
    assert [one.seat for one in difference.left_out] == [("AK", 2), ("AK", 2)]
    assert not difference


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"state": "DC"}, "“DC” is not a state that has senators."),
    ({"state": "nowhere"}, "“nowhere” is not a state"),
    ({"class": "4"}, "“4” is not a class of senators."),
    ({"class": "first"}, "“first” is not a class"),
    ({"class": 10**30}, "is not a class of senators."),
    ({"class": None}, "“class” is missing."),
    ({"start": "soon"}, "“soon” is not a date."),
    ({"start": "2027-02-30"}, "“2027-02-30” is not a date."),
    ({"end": "2020-01-03"}, "The term ends before it begins."),
    ({"end": "9999-12-31"}, "The term is longer than a senator's."),
    ({"party": "P" * 61}, "party: Ensure this value has at most 60 characters"),
    ({"party": ["a", "list"]}, "“party” is missing."),
]
FAULTY_FIELDS: list[tuple[str, str, str]] = [
    ("url", "javascript:alert(1)", "website: Enter a"),
    ("url", "http://www.example.org", "website: Enter an address that begins with https://."),
    ("contact_form", f"https://example.org/{'x' * 300}", "contact form: Ensure this value has at most 300"),
    ("contact_form", "https://example.org/a b", "contact form: Enter a"),
    ("phone", "2" * 21, "phone: Ensure"),
]


def applied_with(fault: dict[str, Any]) -> comparison.Difference:
    """What a list changed whose first entry has a fault, and whose second brings another party."""
    run()
    people = upstream(senators.project_records())
    people[0]["terms"][0] |= fault
    people[1]["terms"][0]["party"] = "Independent"
    difference = comparison.compare_with_offices(chamber(US_SENATE), *senators.parse(json.dumps(people)))
    comparison.apply_difference(difference, source="a test")
    assert Office.objects.get(name=people[1]["name"]["official_full"]).party == "Independent"
    assert Office.objects.get(name="Dan Sullivan").is_current
    return difference


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=range(len(FAULTS)))
def test_an_entry_that_cannot_be_used_is_named_and_the_rest_is_applied(fault, words):
    (one,) = applied_with(fault).left_out
    assert (one.name, one.is_whole) == ("Dan Sullivan", True)
    assert words in one.problems[0]


@pytest.mark.parametrize(("part", "value", "words"), FAULTY_FIELDS, ids=range(len(FAULTY_FIELDS)))
def test_of_an_entry_with_a_faulty_address_only_that_is_left_out(part, value, words):
    (one,) = applied_with({part: value, "party": "Green"}).left_out
    assert (one.name, one.is_whole) == ("Dan Sullivan", False)
    assert words in one.problems[0]
    office = Office.objects.get(name="Dan Sullivan")
    assert office.party == "Green"
    assert office.website.startswith("https://")


def test_why_too_little_of_a_list_can_be_used_is_said():
    people = upstream(senators.project_records())
    for person in people[:11]:
        del person["terms"][0]["party"]
    with pytest.raises(comparison.Nonsense, match=r"only 89 .* 11 entries cannot be used: Dan Sullivan – “party”"):
        comparison.compare_with_offices(chamber(US_SENATE), *senators.parse(json.dumps(people)))


def enter_successor(**fields: Any) -> Office:
    Office.objects.filter(name="Dan Sullivan").update(is_current=False)
    new = {"area": "AK", "seat": 2, "name": "Nora New", "first_name": "Nora", "last_name": "New"}
    return make_office("new1234", **{**new, **fields})


@pytest.mark.parametrize("is_vacant", [True, False])
def test_a_successor_entered_by_hand_stays_until_the_list_has_somebody_there(is_vacant):
    """Also if the predecessor left by a list, and not by a tick of staff."""
    run()
    enter_successor()
    records = senators.project_records()
    difference = comparison.compare_with_offices(chamber(US_SENATE), records[1:] if is_vacant else records)
    assert not difference
    assert any("Nora New stays, as staff entered" in str(warning) for warning in difference.warnings)
    brought = [{**records[0], "directory_id": "N000009", "name": "Otto Other", "last_name": "Other"}, *records[1:]]
    assert [one.name for one in comparison.compare_with_offices(chamber(US_SENATE), brought).gone] == ["Nora New"]


def test_who_is_in_office_by_the_word_of_staff_stays_while_the_list_has_nobody_there():
    run()
    Office.objects.filter(name="Dan Sullivan").update(corrected_fields=["is_current"])
    assert not comparison.compare_with_offices(chamber(US_SENATE), senators.project_records()[1:])


def test_senators_who_change_seats_with_each_other_are_moved():
    run()
    records = senators.project_records()
    one, other = records[0], records[1]
    assert one["area"] == other["area"]
    one["seat"], other["seat"] = other["seat"], one["seat"]
    comparison.apply_difference(comparison.compare_with_offices(chamber(US_SENATE), records), source="a test")
    assert Office.objects.current().get(directory_id=one["directory_id"]).seat == one["seat"]
    assert Office.objects.current().count() == 100


def test_a_correction_that_would_put_two_in_one_seat_is_told_before_anything_is_applied():
    run()
    records = senators.project_records()
    taken = {"seat": 1, "corrected_fields": ["seat"]}
    Office.objects.filter(name="Dan Sullivan").update(**taken)
    records[1] = {**records[1], "directory_id": "N000001", "last_name": "New", "seat": 1}
    with pytest.raises(comparison.Nonsense, match=r"Two would sit in one seat \(AK 1\)"):
        comparison.compare_with_offices(chamber(US_SENATE), records)


def test_who_would_come_before_their_term_begins_is_doubtful():
    run()
    records = senators.project_records()
    dates = {"term_starts_on": date(2997, 1, 3), "term_ends_on": date(3003, 1, 3)}
    records[0] = {**records[0], "directory_id": "N000001", "last_name": "New", "name": "Nora New", **dates}
    difference = comparison.compare_with_offices(chamber(US_SENATE), records)
    assert [str(doubt) for doubt in difference.doubts] == ["the term of Nora New does not begin before 2997-01-03"]
    with pytest.raises(comparison.Nonsense, match="speaks against"):
        comparison.apply_list(chamber(US_SENATE), records, [], seen=difference.digest(), source="a test")
    assert Office.objects.get(name="Dan Sullivan").is_current


def test_what_was_seen_is_the_same_in_every_language_and_the_day_after():
    run()
    records = senators.project_records()
    records[0]["party"] = "Independent"
    english = comparison.compare_with_offices(chamber(US_SENATE), records)
    assert english.warnings
    with translation.override("de"):
        german = comparison.compare_with_offices(chamber(US_SENATE), records)
        german.warnings.append("another day's")
        assert german.digest() == english.digest()


@pytest.mark.parametrize(
    "text",
    [
        "- " + "[" * 100_000,
        "a: &a [x]\nb: *a",
        "- &a {id: 1}\n- <<: [*a, *a]",
        '- !!int ""',
        "- !!bool maybe",
        "- !!timestamp x",
        "- 1:1:1:1",
        "? [a]\n: b",
    ],
)
def test_a_hostile_text_is_refused_at_once(text):
    with pytest.raises(senators.NotAList):
        senators.read_entries(text)


@pytest.mark.parametrize("key", ["a\u0000", "\ud800", "x" * 100_000])
def test_of_an_entry_only_known_parts_are_kept(key):
    people = upstream(senators.project_records())
    people[0]["id"][key] = people[0]["terms"][0][key] = "x\u0000\ud800"
    entries = senators.read_entries(json.dumps(people))
    assert OfficeImport.objects.create(source="a test", entries=entries, applied_at=None).entries
    assert len(json.dumps(entries[0])) < 1000


@pytest.mark.parametrize("part", ["id", "name", "terms"])
@pytest.mark.parametrize("content", [None, [], {}, "text", 7, [["deep"]], [{"a": {"b": []}}]])
def test_an_entry_of_any_shape_spoils_nothing(part, content):
    run()
    people = upstream(senators.project_records())
    people[0][part] = content
    difference = comparison.compare_with_offices(chamber(US_SENATE), *senators.parse(json.dumps(people)))
    assert [len(difference.left_out), difference.gone] == [1, []]


def test_a_line_break_or_a_turn_of_direction_in_a_name_is_taken_out():
    people = upstream(senators.project_records())
    people[0]["name"]["official_full"] = "Dan\u2028\u202eSullivan\u000b"
    records, _ = senators.parse(json.dumps(people))
    assert records[0]["name"] == "Dan Sullivan"


def test_a_list_that_is_older_than_what_is_stored_says_so():
    run()
    Office.objects.filter(name="Dan Sullivan").update(term_starts_on="2027-01-03", term_ends_on="2033-01-03")
    difference = comparison.compare_with_offices(chamber(US_SENATE), senators.project_records())
    (told,) = difference.doubts
    assert "Dan Sullivan began on 2021-01-03 in the list, and Dan Sullivan on 2027-01-03 as stored" in str(told)


def test_a_correction_that_is_released_is_overwritten_and_others_stay():
    run()
    corrected = Office.objects.filter(directory_id="M001244")
    corrected.update(phone="202-555-0100", website="https://example.org", corrected_fields=["phone", "website"])
    difference = comparison.compare_with_offices(chamber(US_SENATE), senators.project_records())
    assert {one.key for one in difference.corrections} == {"M001244 phone", "M001244 website"}
    difference.release({"M001244 phone", "M001244 never"})
    comparison.apply_difference(difference, source="a test")
    office = corrected.get()
    assert office.website == "https://example.org"
    assert office.corrected_fields == ["website"]
    assert office.phone != "202-555-0100"


def test_a_successor_takes_the_seat_and_the_old_office_stays_as_a_former_one():
    run()
    records = senators.project_records()
    old = next(record for record in records if record["directory_id"] == "M001244")
    records[records.index(old)] = {**old, "directory_id": "N000001", "name": "New Senator", "last_name": "Senator"}
    comparison.apply_difference(comparison.compare_with_offices(chamber(US_SENATE), records), source="a test")
    assert not Office.objects.get(directory_id="M001244").is_current
    assert [office.name for office in Office.objects.of_state("FL")] == ["Rick Scott", "New Senator"]
    assert "- Ashley Moody (FL, seat 3)" in OfficeImport.objects.all()[0].changes


def test_what_staff_corrected_is_not_overwritten():
    run()
    Office.objects.filter(directory_id="M001244").update(phone="202-555-0100", corrected_fields=["phone"], website="")
    run()
    office = Office.objects.get(directory_id="M001244")
    assert office.phone == "202-555-0100"
    assert office.website == "https://www.moody.senate.gov"


def test_the_format_of_congress_legislators_is_read_as_json_and_as_yaml():
    (record,), _none = senators.parse(json.dumps([KING, REPRESENTATIVE]))
    assert record["name"] == "Angus S. King, Jr."
    assert record["seat"] == 1
    assert record["postal_address"] == "133 Hart Senate Office Building, Washington, DC 20510"
    assert "contact_form" not in record
    yaml = "- id: {bioguide: K000383}\n  name: {first: Angus, last: King}\n  terms:\n"
    yaml += "  - {type: sen, start: '2025-01-03', end: 2031-01-03, state: ME, class: 1, party: Independent}\n"
    (same,), _none = senators.parse(yaml)
    assert same["name"] == "Angus King"
    assert same["term_ends_on"] == record["term_ends_on"]


def test_a_list_in_the_upstream_format_shows_its_difference_and_leaves_what_it_does_not_know(tmp_path):
    run()
    people = upstream(senators.project_records())
    changed = copy.deepcopy(people)
    changed[0]["terms"][0]["party"] = "Independent"
    file = tmp_path / "legislators.json"
    file.write_text(json.dumps(changed))
    out = StringIO()
    call_command("import_senators", str(file), "--dry-run", stdout=out)
    assert "~ Dan Sullivan: party Republican -> Independent" in out.getvalue()
    assert Office.objects.get(name="Dan Sullivan").party == "Republican"
    run(str(file))
    office = Office.objects.get(name="Dan Sullivan")
    assert office.party == "Independent"
    assert office.contact_form


@pytest.mark.parametrize(
    "text", ["", "{}", "not a list", "- 1", "[{}]", "[{", "- !!python/object/apply:os.system [ls]"]
)
def test_what_is_no_such_list_is_refused(text, tmp_path):
    file = tmp_path / "list"
    file.write_text(text)
    with pytest.raises(CommandError, match="refused"):
        run(str(file))
    assert not Office.objects.exists()


def test_only_https_addresses_are_fetched():
    with pytest.raises(CommandError, match="https"):
        run("http://example.org/legislators.json")


def test_an_empty_site_gets_its_offices_and_its_first_campaign_once():
    campaign = seed_letters(is_demo=True)
    assert campaign is not None
    assert campaign.is_open
    assert campaign.bill == "S.Res. 220 (115th Congress)"
    assert Office.objects.count() == 100
    assert seed_letters(is_demo=True) is None
    assert LetterCampaign.objects.count() == 1
