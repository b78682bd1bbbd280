"""A list from a spreadsheet (letters/constituency/imports/): its members and its areas, looked at and then applied."""

from datetime import date
from typing import Any

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaign.audit.models import Entry
from letters.models import LetterCampaign, Office, OfficeImport, PostalArea, RecipientList
from tests.letters.factories import make_list, make_member
from tests.letters.test_senator_lists import ADD, apply, page, words
from tests.petitions.paper import spreadsheet
from tests.staff import desk as staff

pytestmark = pytest.mark.django_db
HEAD = ["Name", "Land", "Partei", "E-Mail", "Kontaktformular"]
ROWS = [
    ["Anna Beispiel", "Deutschland", "Example Group", "anna@example.org", ""],
    ["Bruno Muster", "DE", "", "", "https://example.org/bruno"],
    ["Chloé Exemple", "France", "", "chloe@example.org", ""],
]


@pytest.fixture
def desk() -> Client:
    return staff.at_the_desk(staff.make_member("cam", "Campaigner"))


def parliament(**fields: Any) -> RecipientList:
    return make_list(**{"finder": "country", **fields})


def csv_of(*rows: list[str]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


def send(desk: Client, content: bytes, name: str = "members.csv", **fields: str) -> str:
    given = {"recipient_list": "xx-parliament", "format": "members", "source": "", "as_of": "2026-11-01", **fields}
    return desk.post(ADD, {**given, "file": SimpleUploadedFile(name, content)}, follow=True).text


def upload(desk: Client, content: bytes, name: str = "members.csv", **fields: str) -> OfficeImport:
    answer = send(desk, content, name, **fields)
    assert "Nothing has changed yet" in answer, words(answer)
    return OfficeImport.objects.order_by("-pk")[0]


def uploaded_and_applied(desk: Client, *rows: list[str], **fields: str) -> None:
    assert "Applied." in apply(desk, upload(desk, csv_of(*rows), **fields), sure="on")


def in_office() -> dict[str, str]:
    return {office.name: office.area for office in Office.objects.current()}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_members_is_read_from_any_kind_of_table(desk, kind):
    parliament()
    content = csv_of(HEAD, *ROWS) if kind == "csv" else spreadsheet(kind, [HEAD, *ROWS])
    one = upload(desk, content, f"members.{kind}", source="example.org")
    assert "Who comes Anna Beispiel (Example Group, DE) Bruno Muster (DE) Chloé Exemple (FR)" in words(page(desk, one))
    assert not Office.objects.exists()
    assert "Applied." in apply(desk, one)
    assert in_office() == {"Anna Beispiel": "DE", "Bruno Muster": "DE", "Chloé Exemple": "FR"}
    anna = Office.objects.get(name="Anna Beispiel")
    assert (anna.first_name, anna.last_name, anna.area_name) == ("Anna", "Beispiel", "Germany")
    assert (anna.email, anna.email_given_by, anna.email_given_on) == (
        "anna@example.org",
        "example.org",
        date(2026, 11, 1),
    )
    assert anna.directory_id.startswith("xx-parliament-")
    changed = RecipientList.objects.get(slug="xx-parliament")
    assert (changed.source, changed.as_of) == ("example.org", date(2026, 11, 1))
    assert list(Entry.objects.filter(act="recipients.applied").values_list("who", flat=True)) == ["cam"]


def test_the_same_table_again_changes_nothing(desk):
    parliament()
    uploaded_and_applied(desk, HEAD, *ROWS)
    one = upload(desk, csv_of(HEAD, *ROWS), as_of="2026-12-01")
    assert "in line with this list" in page(desk, one)


def test_who_comes_who_goes_and_what_changes_is_said_and_what_staff_corrected_stays(desk):
    parliament()
    uploaded_and_applied(desk, HEAD, *ROWS)
    Office.objects.filter(name="Anna Beispiel").update(party="Own Group", corrected_fields=["party"])
    changed = [ROWS[0], [*ROWS[1][:2], "Another Group", *ROWS[1][3:]], ["Dora Neu", "AT", "", "", ""]]
    one = upload(desk, csv_of(HEAD, *changed))
    seen = words(page(desk, one))
    assert "Who comes Dora Neu (AT)" in seen
    assert "Who goes Chloé Exemple (FR)" in seen
    assert "Bruno Muster (DE) party – Another Group" in seen
    assert "Anna Beispiel (Own Group-DE), party: Example Group instead of Own Group" in seen
    apply(desk, one)
    assert set(in_office()) == {"Anna Beispiel", "Bruno Muster", "Dora Neu"}
    assert Office.objects.get(name="Anna Beispiel").party == "Own Group"


FAULTS = [
    (["", "DE", "", "", ""], "The name is missing."),
    (["Emil Muster", "", "", "", ""], "The area is missing"),
    (["Emil Muster", "Nowhere", "", "", ""], "“Nowhere” is not a country."),
    (["Emil Muster", "Scotland", "", "", ""], "“Scotland” is not a country."),
    (["E" * 101, "DE", "", "", ""], "at most 100 characters"),
    (['"Emil Muster', "DE", "", "", ""], "This row cannot be read"),
]


@pytest.mark.parametrize(("row", "why"), FAULTS, ids=range(len(FAULTS)))
def test_a_row_that_cannot_be_used_is_named_and_the_rest_is_applied(desk, row, why):
    parliament()
    one = upload(desk, csv_of(HEAD, ROWS[0], row, ROWS[2]))
    seen = words(page(desk, one))
    assert "line 3" in seen
    assert why in seen
    apply(desk, one)
    assert set(in_office()) == {"Anna Beispiel", "Chloé Exemple"}


@pytest.mark.parametrize(
    ("at", "text", "why"),
    [
        (3, "nobody", "e-mail: Enter a valid email address."),
        (4, "javascript:alert(1)", "contact form: Enter"),
        (4, "http://example.org/form", "begins with https://"),
    ],
)
def test_of_a_row_with_a_faulty_address_only_that_is_left_out(desk, at, text, why):
    parliament()
    row = ["Emil Muster", "DE", "", "", ""]
    row[at] = text
    one = upload(desk, csv_of(HEAD, row))
    seen = words(page(desk, one))
    assert "Emil Muster (line 2) (in part)" in seen
    assert why in seen
    apply(desk, one)
    emil = Office.objects.get()
    assert (emil.name, emil.email, emil.contact_form) == ("Emil Muster", "", "")


def test_whoever_stands_in_a_row_that_cannot_be_used_stays(desk):
    parliament()
    uploaded_and_applied(desk, [*HEAD, "Sitz"], *([*row, str(at)] for at, row in enumerate(ROWS)))
    one = upload(desk, csv_of([*HEAD, "Sitz"], *([*row, "x" if at == 0 else str(at)] for at, row in enumerate(ROWS))))
    assert "“x” is not a number." in page(desk, one)
    assert "in line with this list" in page(desk, one)


def test_two_in_a_seat_are_left_out_both_and_the_seat_stays(desk):
    parliament()
    head = ["name", "area", "seat"]
    uploaded_and_applied(desk, head, ["Anna Beispiel", "DE", "1"], ["Bruno Muster", "DE", "2"])
    one = upload(desk, csv_of(head, ["Carl Neu", "DE", "1"], ["Dora Neu", "DE", "1"], ["Bruno Muster", "DE", "2"]))
    assert "The list has this seat or this person twice." in page(desk, one)
    assert "in line with this list" in page(desk, one)


def test_too_few_are_refused_and_a_list_without_most_of_them_wants_a_tick(desk):
    RecipientList.objects.filter(pk=parliament().pk).update(fewest_members=2)
    uploaded_and_applied(desk, HEAD, *ROWS)
    assert "It has only 1 members that can be used; at least 2 are expected." in send(desk, csv_of(HEAD, ROWS[0]))
    one = upload(desk, csv_of(HEAD, ["Emil Muster", "DE"], ["Dora Neu", "AT"]))
    assert "3 of 3 in office would go" in page(desk, one)
    assert "all the same" in apply(desk, one)
    assert len(in_office()) == 3


def test_a_table_of_an_earlier_day_than_what_is_stored_wants_a_tick(desk):
    parliament()
    uploaded_and_applied(desk, HEAD, *ROWS, as_of="2026-11-20")
    one = upload(desk, csv_of(HEAD, *ROWS[:2]), as_of="2026-10-01")
    assert "the list is of Oct. 1, 2026, and what is stored of Nov. 20, 2026" in words(page(desk, one)).replace(
        "2026-10-01", "Oct. 1, 2026"
    ).replace("2026-11-20", "Nov. 20, 2026")


def test_a_new_mail_address_is_tried_and_an_old_one_keeps_who_gave_it(desk):
    parliament()
    uploaded_and_applied(desk, HEAD, *ROWS, source="the first")
    Office.objects.update(is_email_stopped=True)
    newer = [[*ROWS[0][:3], "new@example.org", ""], *ROWS[1:]]
    uploaded_and_applied(desk, HEAD, *newer, source="the second")
    anna, chloe = Office.objects.get(name="Anna Beispiel"), Office.objects.get(name="Chloé Exemple")
    assert (anna.email_given_by, anna.is_email_stopped) == ("the second", False)
    assert (chloe.email_given_by, chloe.is_email_stopped) == ("the first", True)


def test_somebody_whom_staff_entered_is_found_by_name(desk):
    chamber = parliament()
    made = make_member(chamber, 1, name="Anna Beispiel", first_name="Anna", last_name="Beispiel", area="DE")
    uploaded_and_applied(desk, HEAD, *ROWS)
    assert Office.objects.get(name="Anna Beispiel").pk == made.pk


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The submitted file is empty."),
        (b"\xff\xff\xff", "names none of these columns"),
        (b"a,b\n1,2", "names none of these columns: name, first_name"),
        (b"Name\n", "It has only 0 members"),
        (b"PK\x03\x04 no spreadsheet", "cannot be read as a spreadsheet"),
        (b"Name\n" + b"x\n" * 5001, "It has more than 5000 rows."),
        (b"x" * (5 << 20) + b"x", "larger than 5 MB"),
    ],
    ids=range(7),
)
def test_what_is_no_table_of_members_is_refused_with_a_reason(desk, content, why):
    parliament()
    assert why in words(send(desk, content))
    assert not OfficeImport.objects.exists()


def test_a_table_of_areas_is_uploaded_looked_at_and_replaces_the_one_before(desk):
    chamber = make_list(finder="postal_code")
    make_member(chamber, 1, area="North")
    PostalArea.objects.create(recipient_list=chamber, code="99", area="Old")
    rows = [["PLZ", "Gebiet"], ["10*", "North"], ["20 099", "North, South"], ["", "South"], ["sw1a*", "West"]]
    one = upload(desk, csv_of(*rows), format="areas")
    seen = words(page(desk, one))
    assert "4 rows come. 1 row goes." in seen
    assert "+ 10*: North+ 20099: North+ 20099: South+ SW1A*: West- 99: Old" in seen
    assert "line 4 – It needs a postal code" in seen
    assert "Nobody on the list sits for 2 areas: South, West" in seen
    assert "1 of 1 rows would go" in seen
    assert "Applied." in apply(desk, one, sure="on")
    assert PostalArea.objects.areas_of(chamber, "20099") == ["North", "South"]
    assert PostalArea.objects.areas_of(chamber, "10 117") == ["North"]
    assert PostalArea.objects.count() == 4
    assert "4 rows come, 1 go" in page(desk, one)


def test_a_table_of_areas_that_would_change_something_else_by_now_is_shown_again(desk):
    chamber = make_list(finder="postal_code")
    one = upload(desk, csv_of(["code", "area"], ["10", "North"]), format="areas")
    document: Any = lxml.html.document_fromstring(page(desk, one))
    form = next(form for form in document.forms if (form.action or "").endswith("/apply/"))
    PostalArea.objects.create(recipient_list=chamber, code="10", area="North")
    assert "The table has changed meanwhile" in desk.post(form.action, dict(form.form_values()), follow=True).text


def test_a_campaign_is_about_a_bill_or_about_none(desk):
    parliament()
    shown = desk.get("/admin/letters/lettercampaign/add/").text
    document: Any = lxml.html.document_fromstring(shown)
    form = next(form for form in document.forms if form.get("id") == "lettercampaign_form")
    assert all(f"{part}-TOTAL_FORMS" in shown for part in ("texts", "positions", "consents"))
    given = {
        **{name: value for name, value in form.form_values() if name != "list_slugs"},
        "title": "Speak up",
        "slug": "speak-up",
        "ask": "Please speak up.",
        "summary": "It matters.",
        "default_subject": "Please speak up",
        "default_body": "Dear [recipient],\n\nplease speak up for them.",
        "bill_number": "",
        "bill_congress": "",
        "introduced_on": "",
        "visibility": "published",
        "closes_at_0": "2099-01-01",
        "closes_at_1": "00:00",
    }
    add = "/admin/letters/lettercampaign/add/"
    assert "Letters to the Senate name a bill" in desk.post(add, {**given, "list_slugs": ["us-senate"]}).text
    given["list_slugs"] = ["xx-parliament"]
    bracketed = given["default_body"].replace("them", "[bill]")
    assert "The letter speaks of [bill]" in desk.post(add, {**given, "default_body": bracketed}).text
    assert "or none of them" in desk.post(add, {**given, "bill_number": "3"}).text
    answer = desk.post(add, given, follow=True).text
    assert LetterCampaign.objects.filter(slug="speak-up").exists(), words(answer)
    made = LetterCampaign.objects.get(slug="speak-up")
    assert desk.get(f"/admin/letters/lettercampaign/{made.pk}/change/").status_code == 200
    answer = Client().get("/letters/speak-up/")
    assert answer.status_code == 200
    shown = answer.text
    assert "introduced on" not in shown
    assert "None" not in words(shown)
