"""House and Senate in one letter page: from ZIP code to district, and to the name that the writer chooses."""

from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from letters.constituency.congress import senators
from letters.constituency.congress.chambers import US_HOUSE, chamber
from letters.constituency.imports.comparison import apply_difference, compare_with_offices
from letters.models import Constituent, Delivery, Letter, Office
from letters.models.recipients.recipient_lists import US_SENATE
from letters.submission import workflow
from tests.letters.factories import FORM, confirm, make_campaign
from tests.letters.pages import form_of, press

pytestmark = pytest.mark.django_db
CALIFORNIA = {**FORM, "city": "Valyermo", "state": "CA", "zip": "93563"}
DISTRICTS = ["CA-23", "CA-27", "CA-28", "CA-29", "CA-30", "CA-31"]


@pytest.fixture
def congress() -> None:
    apply_difference(compare_with_offices(chamber(US_SENATE), senators.project_records()), source="a test")
    call_command("import_representatives", "--no-input", verbosity=0)
    make_campaign(list_slugs=[US_SENATE, US_HOUSE], default_body="Dear [recipient],\n\nplease support [bill].")


def write(client: Client, **about: str) -> Any:
    return press(client, form_of(client.get("/letters/support/"), "letters"), **{**FORM, **about})


def labels(page: Any, name: str) -> list[str]:
    html = page.content.decode()
    return [part.split('value="')[1].split('"')[0] for part in html.split("<input")[1:] if f'name="{name}"' in part]


def sitting(area: str) -> Office:
    return Office.objects.current().get(recipient_list__slug=US_HOUSE, area=area)


def test_two_senators_and_one_representative_get_their_letters_from_one_form(client, congress, outbox_drained):
    writing = write(client)
    assert "drawn before the maps of 2026" in writing.content.decode()
    member = sitting("NM-03")
    fields = form_of(writing, "preview").fields
    assert fields[f"text_{member.directory_id}"].startswith(f"Dear Representative {member.last_name},")
    assert fields["text_H001046"].startswith("Dear Senator Heinrich,")
    own = {f"text_{member.directory_id}": f"Dear Representative {member.last_name},\n\nthis is for the House alone."}
    preview = press(client, form_of(writing, "preview"), **own)
    press(client, form_of(preview, "submit"))
    assert {letter.office.recipient_list_id for letter in Letter.objects.all()} == {US_SENATE, US_HOUSE}
    constituent = Constituent.objects.get()
    assert "this is for the House alone" in Letter.objects.get(office=member).content["body"]
    confirm(constituent)
    track = client.get(f"/letters/track/{workflow.track_token(constituent)}/").content.decode()
    assert [name in track for name in ("Martin Heinrich", "Ben Ray Luján", member.name)] == [True] * 3
    assert Delivery.objects.ready().count() == 3


def test_a_zip_code_in_six_districts_is_asked_about_by_name(client, congress):
    page = write(client, **CALIFORNIA)
    assert page.status_code == 422
    assert labels(page, "to_us-house") == [*DISTRICTS, "other"]
    assert all(sitting(area).name in page.content.decode() for area in DISTRICTS)
    writing = press(client, form_of(page, "letters"), **{"to_us-house": "CA-28"})
    assert f"text_{sitting('CA-28').directory_id}" in form_of(writing, "preview").fields


def test_whoever_is_in_no_listed_district_chooses_by_name_from_the_whole_state(client, congress):
    page = press(client, form_of(write(client, **CALIFORNIA), "letters"), **{"to_us-house": "other"})
    assert page.status_code == 422
    assert sitting("CA-52").name in page.content.decode()
    writing = press(client, form_of(page, "letters"), **{"to_us-house": "CA-52"})
    fields = form_of(writing, "preview").fields
    assert f"text_{sitting('CA-52').directory_id}" in fields
    assert fields["to_us-house"] == "CA-52"


def test_a_representative_who_was_found_by_an_old_map_can_be_exchanged(client, congress):
    writing = write(client)
    again = press(client, form_of(writing, "preview"), **{"to_us-house": "other"})
    assert again.status_code == 422 or "to_us-house" in form_of(writing, "preview").fields
    form = form_of(writing, "preview")
    page = client.post("/letters/support/letters/", {**form.fields, "to_us-house": "other"}, follow=True)
    assert page.status_code == 422
    chosen = press(client, form_of(page, "letters"), **{"to_us-house": "NM-01"})
    assert f"text_{sitting('NM-01').directory_id}" in form_of(chosen, "preview").fields


@pytest.mark.parametrize(("state", "areas"), [("WY", ["WY-00"]), ("NE", ["NE-03"]), ("CO", ["CO-04", "CO-08"])])
def test_a_zip_code_in_three_states_is_asked_about_first_by_state(client, congress, state, areas):
    page = write(client, city="Pine Bluffs", state="WY", zip="82082")
    assert labels(page, "residence") == ["CO", "NE", "WY"]
    page = press(client, form_of(page, "letters"), residence=state)
    if len(areas) > 1:
        assert labels(page, "to_us-house") == [*areas, "other"]
        page = press(client, form_of(page, "letters"), residence=state, **{"to_us-house": areas[0]})
    fields = form_of(page, "preview").fields
    assert f"text_{sitting(areas[0]).directory_id}" in fields
    assert sum(name.startswith("text_") for name in fields) == 3


def test_the_district_of_columbia_has_no_senators_and_writes_to_its_delegate(client, congress):
    fields = form_of(write(client, city="Washington", state="DC", zip="20001"), "preview").fields
    assert [name for name in fields if name.startswith("text_")] == [f"text_{sitting('DC-00').directory_id}"]


def test_military_mail_says_nothing_of_the_district(client, congress):
    page = write(client, city="APO", state="AE", zip="09012")
    page = press(client, form_of(page, "letters"), residence="NM")
    assert labels(page, "to_us-house") == ["NM-01", "NM-02", "NM-03"]


def test_one_text_goes_to_all_of_them_each_with_the_right_title(client, congress):
    member = sitting("NM-03")
    own = "Dear Senator Heinrich,\n\nplease, Senator Heinrich, support it."
    page = press(
        client, form_of(write(client), "preview"),
        **{"text_H001046": own, "text_L000570": "", f"text_{member.directory_id}": "", "is_same": "on"},
    )  # fmt: skip
    body = form_of(page, "submit").fields[f"text_{member.directory_id}"]
    title = f"Representative {member.last_name}"
    assert body == f"Dear {title},\n\nplease, {title}, support it."


def test_importing_the_house_twice_changes_nothing_and_leaves_the_senate_alone(congress):
    before = set(Office.objects.values_list("pk", "is_current"))
    call_command("import_representatives", "--no-input", verbosity=0)
    assert set(Office.objects.values_list("pk", "is_current")) == before
    assert Office.objects.current().filter(recipient_list__slug=US_HOUSE).count() == 437
    assert (sitting("NM-03").code, sitting("AK-00").code) == ("HNM03", "HAK00")


def test_a_list_of_the_house_that_is_doubtful_is_applied_only_by_staff_who_are_sure(congress):
    newer = Office.objects.filter(pk=sitting("NM-03").pk)
    newer.update(term_starts_on=date(2027, 1, 3), phone="of the next term")
    with pytest.raises(CommandError, match="speaks against"):
        call_command("import_representatives", "--no-input", verbosity=0)
    assert newer.get().phone == "of the next term"
    call_command("import_representatives", "--no-input", "--sure", verbosity=0)
    assert newer.get().phone != "of the next term"
