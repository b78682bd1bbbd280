"""Keeping the senators current in the admin: a list is uploaded, looked at, applied; a new Congress and its tasks."""

import json
from datetime import date, timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.audit.models import Entry
from letters.constituency.congress import new_congress, senators
from letters.models import Delivery, Office, OfficeImport
from letters.models.campaigns import ordinal
from letters.models.delivery_states import State
from tests.letters.factories import make_campaign, make_ready
from tests.letters.test_importing import run, upstream
from tests.letters.test_mailed_links import track_path
from tests.race import race
from tests.staff.desk import at_the_desk, make_account, make_member

pytestmark = pytest.mark.django_db
ADD = "/admin/letters/officeimport/add/"
FOR_SENATE = {"recipient_list": "us-senate", "format": "members"}
NOW = timezone.now()
OVER = {"opens_at": NOW - timedelta(days=9), "closes_at": NOW - timedelta(days=1)}


@pytest.fixture
def desk() -> Client:
    run()
    OfficeImport.objects.all().delete()
    return at_the_desk(make_member("cam", "Campaigner"))


def people(**changes: Any) -> list[dict[str, Any]]:
    """The list as it is stored, in the format that is uploaded, with changes in the first entry's term."""
    listed = upstream(senators.project_records())
    listed[0]["terms"][0] |= changes
    return listed


def upload(desk: Client, listed: object) -> OfficeImport:
    content = json.dumps(listed).encode()
    answer = desk.post(
        ADD,
        {**FOR_SENATE, "file": SimpleUploadedFile("list.json", content)},
        follow=True,
    )
    assert "Nothing has changed yet" in answer.text
    return OfficeImport.objects.get()


def page(desk: Client, one: OfficeImport) -> str:
    return desk.get(f"/admin/letters/officeimport/{one.pk}/change/").text


def form_in(text: str) -> Any:
    document: Any = lxml.html.document_fromstring(text)
    return next(form for form in document.forms if (form.action or "").endswith("/apply/"))


def apply(desk: Client, one: OfficeImport, **fields: object) -> str:
    form = form_in(page(desk, one))
    return desk.post(form.action, {**dict(form.form_values()), **fields}, follow=True).text


def words(text: str) -> str:
    document: Any = lxml.html.document_fromstring(text)
    return " ".join(document.text_content().split())


def test_a_list_is_uploaded_looked_at_and_applied(desk):
    one = upload(desk, people(party="Independent"))
    assert Office.objects.get(name="Dan Sullivan").party == "Republican"
    assert "party Republican Independent" in words(page(desk, one))
    assert "Applied." in apply(desk, one)
    assert Office.objects.get(name="Dan Sullivan").party == "Independent"
    one.refresh_from_db()
    assert one.entries is None
    assert "~ Dan Sullivan: party Republican -> Independent" in one.changes
    assert list(Entry.objects.filter(act="recipients.applied").values_list("who", flat=True)) == ["cam"]
    assert "~ Dan Sullivan: party" in page(desk, one)


def test_who_goes_is_shown_with_the_letters_that_wait_and_they_are_settled(desk, outbox_drained):
    letter = make_ready(Office.objects.get(name="Dan Sullivan"))
    listed = people()
    listed[0]["id"], listed[0]["name"] = {"bioguide": "N000001"}, {"first": "Nora", "last": "New"}
    one = upload(desk, listed)
    seen = words(page(desk, one))
    assert "Who comes Nora New (Republican, AK, 2)" in seen
    assert "Dan Sullivan (R-AK) – 1 letter has not gone" in seen
    apply(desk, one)
    outbox_drained()
    assert Delivery.objects.get(pk=letter.pk).state == State.WITHDRAWN


def test_a_list_that_would_change_something_else_by_now_is_shown_again(desk):
    one = upload(desk, people(party="Independent"))
    text = page(desk, one)
    Office.objects.filter(name="Lisa Murkowski").update(party="Independent")
    form = form_in(text)
    answer = desk.post(form.action, dict(form.form_values()), follow=True)
    assert "The offices have changed meanwhile" in answer.text
    assert Office.objects.get(name="Dan Sullivan").party == "Republican"


def test_a_correction_is_released_by_a_tick(desk):
    Office.objects.filter(name="Dan Sullivan").update(party="Green", corrected_fields=["party"])
    one = upload(desk, people())
    assert "Dan Sullivan (Green-AK), party: Republican instead of Green" in words(page(desk, one))
    apply(desk, one)
    assert Office.objects.get(name="Dan Sullivan").party == "Green"
    OfficeImport.objects.all().delete()
    apply(desk, upload(desk, people()), release="S001198 party")
    office = Office.objects.get(name="Dan Sullivan")
    assert [office.party, office.corrected_fields] == ["Republican", []]


def test_an_older_list_is_applied_only_with_a_tick(desk):
    Office.objects.filter(name="Dan Sullivan").update(term_starts_on="2027-01-03", term_ends_on="2033-01-03")
    one = upload(desk, people())
    assert "Something speaks against this list" in page(desk, one)
    assert "Say that you want to apply it all the same" in apply(desk, one)
    assert Office.objects.get(name="Dan Sullivan").term_starts_on == date(2027, 1, 3)
    assert "Applied." in apply(desk, one, sure="on")


def test_a_faulty_entry_is_named(desk):
    one = upload(desk, people(party=""))
    assert "Dan Sullivan (AK, 2) – “party” is missing." in words(page(desk, one))
    assert "in line with this list" in page(desk, one)


def test_a_list_that_has_been_overtaken_by_another_is_applied_only_with_a_tick(desk):
    one = upload(desk, people(party="Independent"))
    run()
    OfficeImport.objects.create(source="another")
    assert "another list was applied after this one" in page(desk, one)
    assert "all the same" in apply(desk, one)
    assert Office.objects.get(name="Dan Sullivan").party == "Republican"


def test_a_correction_that_changed_after_it_was_shown_is_shown_again(desk):
    Office.objects.filter(name="Dan Sullivan").update(party="Green", corrected_fields=["party"])
    one = upload(desk, people())
    form = form_in(page(desk, one))
    Office.objects.filter(name="Dan Sullivan").update(party="Whig")
    fields = {**dict(form.form_values()), "release": "S001198 party"}
    assert "The offices have changed meanwhile" in desk.post(form.action, fields, follow=True).text
    assert Office.objects.get(name="Dan Sullivan").party == "Whig"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_apply_at_once_one_is_told_that_it_was(desk):
    one = upload(desk, people(party="Independent"))
    form = form_in(page(desk, one))
    fields = dict(form.form_values())
    other = at_the_desk(User.objects.get(username="cam"))
    answers = race(
        lambda: desk.post(form.action, fields, follow=True).text,
        lambda: other.post(form.action, fields, follow=True).text,
        after="FOR UPDATE",
    )
    assert ["It has been applied already." in answer.result() for answer in answers] == [False, True]
    assert OfficeImport.objects.get().changes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty."),
        (b"\xff\xfe", "not a text in UTF-8"),
        (b"{}", "cannot be read as a list"),
        (b"[1]", "cannot be read as a list"),
        (b"[{}]", "It has only 0 members"),
        (b"- &a [x,x]\n- &b [*a,*a]\n- [*b,*b]", "it refers to itself"),
        (b"[" * 100_000, "cannot be read as a list"),
        (b"- " + b"[" * 100_000, "too deep"),
        (b"- !!python/object/apply:os.system [ls]", "cannot be read as a list"),
        (b"x" * (5 << 20) + b"x", "larger than 5 MB"),
    ],
    ids=range(10),
)
def test_what_is_no_list_is_refused_with_a_reason(desk, content, said):
    answer = desk.post(ADD, {**FOR_SENATE, "file": SimpleUploadedFile("list.json", content)})
    assert answer.status_code == 200
    assert said in words(answer.text)
    assert not OfficeImport.objects.exists()


def test_a_list_is_put_away(desk):
    one = upload(desk, people(party="Independent"))
    answer = desk.post(f"/admin/letters/officeimport/{one.pk}/discard/", follow=True)
    assert "nothing has changed" in answer.text
    assert not OfficeImport.objects.exists()


def test_nothing_is_fetched_without_an_address_in_the_settings(desk, settings):
    assert "Fetch it" not in desk.get(ADD).text
    desk.post("/admin/letters/officeimport/fetch/")
    assert not OfficeImport.objects.exists()
    settings.SENATORS_LIST_URL = "https://localhost:1/list.json"
    assert "Fetch it" in desk.get(ADD).text
    assert "It could not be fetched" in desk.post("/admin/letters/officeimport/fetch/", follow=True).text


@pytest.mark.parametrize("way", ["fetch/", "1/apply/", "1/discard/"])
def test_who_may_not_add_a_list_does_nothing(desk, way):
    editor = at_the_desk(make_member("ed", "Editor"))
    assert editor.post(f"/admin/letters/officeimport/{way}").status_code == 403
    assert at_the_desk(make_account("nobody")).get(ADD).status_code == 403


def test_who_may_only_add_lists_may_not_change_offices_by_one(desk):
    one = upload(desk, people(party="Independent"))
    clerk = make_account("clerk")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_officeimport", "view_officeimport"]))
    assert "Apply</" not in page(at_the_desk(clerk), one)
    assert at_the_desk(clerk).post(f"/admin/letters/officeimport/{one.pk}/apply/").status_code == 403


def test_the_page_of_a_list_asks_no_more_for_many_changes_than_for_one(desk):
    one = upload(desk, people(party="Independent"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(desk, one)
    listed = people()
    for person in listed[:40]:
        person["id"] = {"bioguide": f"N{person['id']['bioguide'][1:]}"}
        person["name"] = {"first": "Nora", "last": f"New{person['id']['bioguide']}"}
    OfficeImport.objects.update(entries=senators.read_entries(json.dumps(listed)))
    with CaptureQueriesContext(connection) as many:
        assert "Who goes" in page(desk, one)
    assert len(many) <= len(few) + 1  # the letters that wait for who goes


def test_a_new_congress_has_tasks_that_tick_themselves(desk):
    number = new_congress.in_view()
    earlier = ordinal(number - 1)
    campaign = make_campaign(bill_congress=number - 1, summary=f"In the {earlier} Congress it waits.")
    seen = words(desk.get("/admin/letters/office/new-congress/").text)
    assert f"Congress number {number}" in seen
    assert str(campaign) in seen
    Office.objects.update(term_ends_on="2093-01-03", contact_form="https://example.org/form")
    campaign.bill_congress, campaign.summary = number, "It waits."
    campaign.save()
    make_campaign("over", bill_congress=1, summary=f"The {earlier} Congress", **OVER)
    assert [task.left for task in new_congress.tasks(number)] == [[], [], [], []]
    assert words(desk.get("/admin/letters/office/new-congress/").text).count("– done") == 4


@pytest.mark.parametrize(
    "text", ["the 119th Congress", "im 119. Kongress", "第119届国会", "119e Congrès", "Congreso 119", "الكونغرس الـ119"]
)
def test_a_text_that_names_an_earlier_congress_is_found_in_any_language(text):
    assert new_congress.names_an_earlier(make_campaign(summary=f"Here {text} stands."), 120)
    assert not new_congress.names_an_earlier(
        make_campaign("other", summary="119 people wrote to the 120th Congress."), 120
    )


def test_a_bill_that_lapsed_is_on_the_first_page_while_people_write_for_it(desk):
    make_campaign(title="Stop it", bill_congress=1)
    assert "lapsed with its Congress, and people still write for it: Stop it" in desk.get("/admin/").text


def test_whom_nothing_reaches_is_told_to_staff_with_what_waits_and_to_the_writer(desk, client, settings):
    settings.LETTER_CHANNELS = ["email", "contact_form"]
    office = Office.objects.get(name="Dan Sullivan")
    Office.objects.filter(pk=office.pk).update(contact_form="")
    delivery = make_ready(Office.objects.get(pk=office.pk))
    told = "Nothing reaches Dan Sullivan (R-AK), and 1 letter waits"
    assert told in desk.get("/admin/").text
    path = track_path(delivery.letter.constituent)
    assert "We cannot deliver letters to this office at the moment" in client.get(path).text
    Office.objects.filter(pk=office.pk).update(contact_form="https://example.org/form")
    assert told not in desk.get("/admin/").text
    assert "We cannot deliver letters to this office" not in client.get(path).text
