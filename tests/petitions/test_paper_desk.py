"""Sheets: printed, registered, typed, a sample typed again (petitions/paper/sheets.py, entering.py and their desk)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import unseal
from petitions import counting, recounting
from petitions.models import BatchState, PaperBatch, PaperRemark, PaperSheet, Rekeying, Signature
from petitions.paper import entering, sheets
from petitions.paper.rows import Person
from tests.petitions.factories import make_confirmed, make_petition, make_text
from tests.petitions.paper import make_staff

DESK = "/admin/petitions/paperbatch/"
ANA = {"name": "Ana", "address": "Street 1", "country": "CH"}
BOB = {"name": "Bob", "email": "bob@example.org", "country": "CH"}


@pytest.fixture
def typist(db) -> User:
    return make_staff("typist")


@pytest.fixture
def desk(client, typist):
    client.force_login(typist)
    return client


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def register(desk: Client, petition: Any, **fields: str) -> PaperBatch:
    told = {
        "petition": petition.pk,
        "collector": "Ana",
        "place": "Bern",
        "collected_on": "2026-11-01",
        "language": "en",
    }
    desk.post(f"{DESK}register/", {**told, "country": "CH", **fields})
    return PaperBatch.objects.latest("pk")


def type_rows(
    desk: Client, batch: PaperBatch, *rows: dict[str, str], button: str = "more", first: int | None = None
) -> Any:
    """As from a page that was opened a moment ago, unless `first` tells of an older one."""
    fields = {f"form-{index}-{key}": value for index, row in enumerate(rows) for key, value in row.items()}
    management = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    management["first"] = first or PaperBatch.objects.get(pk=batch.pk).lines_read + 1
    return desk.post(f"{DESK}{batch.pk}/type/", {**fields, **management, button: "1"})


@pytest.mark.parametrize("language", ["en", "ar", "zh-hant"])
def test_sheets_are_numbered_and_made_in_every_language(db, language):
    petition = make_petition()
    text = make_text(petition, language) if language != "en" else petition.text
    pdf = sheets.print_sheets(petition=petition, language=language, copies=3)
    assert pdf.startswith(b"%PDF")
    assert list(PaperSheet.objects.values_list("text", flat=True)) == [text.pk] * 3
    shown = sheets.data(petition, text, [1])
    assert shown["url"].endswith("/petitions/stop/")
    assert "<svg" in shown["code"]


def test_the_desk_prints_registers_and_types_a_sheet(desk, typist):
    pair = new_keypair()
    petition = make_petition(keypair=pair)
    make_confirmed(petition, "bob@example.org")
    answer = desk.post(f"{DESK}print/", {"petition": petition.pk, "language": "en", "copies": "2"})
    assert answer["Content-Type"] == "application/pdf"
    sheet = PaperSheet.objects.earliest("pk")
    batch = register(desk, petition, sheet=str(sheet.pk))
    assert 'value="CH" selected' in desk.get(f"{DESK}{batch.pk}/type/").content.decode()
    type_rows(desk, batch, ANA, BOB, {"name": "Eve", "country": "CH", "rejected": "struck"}, {"country": "CH"})
    type_rows(desk, batch, {**ANA, "name": "Kim"}, button="finish")
    batch.refresh_from_db()
    assert (batch.state, batch.good, batch.matched, batch.rejected, batch.entered_by) == (
        BatchState.LOADED,
        2,
        1,
        1,
        typist,
    )
    assert list(Signature.objects.filter(batch=batch).values_list("batch_row", flat=True)) == [1, 4]
    struck = PaperRemark.objects.get(outcome="rejected")
    assert unseal(struck.sealed or b"", pair.private)["name"] == "Eve"
    counting.aggregate()
    assert recounting.differences() == []
    assert PaperSheet.objects.get(pk=sheet.pk).batch == batch


def test_the_next_sheet_of_a_pile_is_registered_with_what_they_have_in_common(desk):
    petition = make_petition()
    make_text(petition, "de")
    batch = register(desk, petition, collector="Group 7", language="de")
    page = desk.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert f"register/?like={batch.pk}" in page
    assert "not scanned" in page
    form = desk.get(f"{DESK}register/?like={batch.pk}").context["form"]
    values = {name: form[name].value() for name in ("petition", "collector", "place", "country", "language", "sheet")}
    assert values == {
        "petition": petition.pk, "collector": "Group 7", "place": "Bern", "country": "CH", "language": "de",
        "sheet": None,
    }  # fmt: skip


def test_a_form_of_the_desk_begins_with_the_petition_where_there_is_but_one(desk):
    only = make_petition()
    begun = [desk.get(DESK + path).context["form"]["petition"].value() for path in ("register/", "print/")]
    assert begun == [only.pk, only.pk]
    make_petition("other")
    assert desk.get(f"{DESK}register/").context["form"]["petition"].value() is None


def test_a_sheet_that_was_printed_before_the_wording_changed_keeps_its_own(desk):
    petition = make_petition()
    sheets.print_sheets(petition=petition, language="en", copies=1)
    newer = make_text(petition, version=2)
    sheet = PaperSheet.objects.get()
    assert register(desk, petition, sheet=str(sheet.pk)).text == sheet.text
    assert register(desk, petition).text == newer


def test_a_sheet_is_found_by_its_number_and_says_it(desk):
    petition = make_petition()
    sheets.print_sheets(petition=petition, language="en", copies=3)
    number = PaperSheet.objects.latest("pk").pk
    other, batch = register(desk, petition), register(desk, petition, sheet=str(number))
    found = desk.get(DESK, {"q": str(number)}).context["cl"].result_list
    assert [one.pk for one in found] == [batch.pk]
    assert list(desk.get(DESK, {"q": "Bern"}).context["cl"].result_list) == [batch, other]
    assert f"Sheet {number}" in desk.get(f"{DESK}{batch.pk}/type/").content.decode()
    assert "Sheet" not in desk.get(f"{DESK}{other.pk}/type/").content.decode()
    assert "None" not in desk.get(f"{DESK}{other.pk}/change/").content.decode()


def focused(page: Any) -> list[str]:
    return [f.html_name for form in page.context["formset"] for f in form if "autofocus" in f.field.widget.attrs]


def test_the_keyboard_begins_at_the_first_row_or_the_first_fault(desk):
    batch = register(desk, make_petition())
    assert focused(desk.get(f"{DESK}{batch.pk}/type/")) == ["form-0-name"]
    assert focused(type_rows(desk, batch, ANA, {**BOB, "email": "bob@"}, {"name": "Eve"})) == ["form-1-email"]


def test_what_became_of_the_rows_is_told_as_they_are_saved(desk):
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, ANA, {"name": "Eve", "country": "CH", "rejected": "struck"})
    told = desk.get(f"{DESK}{batch.pk}/type/").content.decode()
    assert "Of this sheet so far: 1 counted, 1 known already, 1 rejected." in told


@pytest.mark.parametrize("days", [2, 366])
def test_no_sheet_was_collected_in_the_days_to_come(desk, days):
    day = str(timezone.now().date() + timedelta(days=days))
    told = {"petition": make_petition().pk, "collector": "A", "place": "B", "collected_on": day, "language": "en"}
    assert "collected_on" in desk.post(f"{DESK}register/", told).context["form"].errors


def test_a_year_of_two_digits_is_no_year(desk):
    told = {"petition": make_petition().pk, "collector": "A", "place": "B", "language": "en"}
    answer = desk.post(f"{DESK}register/", {**told, "collected_on": "0026-11-01"})
    assert "collected_on" in answer.context["form"].errors


def test_a_sheet_or_scan_comes_back_once(desk):
    petition = make_petition()
    sheets.print_sheets(petition=petition, language="en", copies=1)
    number, scan = str(PaperSheet.objects.get().pk), "ab" * 32
    register(desk, petition, sheet=number, scan=scan)
    register(desk, petition, sheet=number)
    register(desk, petition, scan=scan)
    assert PaperBatch.objects.count() == 1
    PaperBatch.objects.update(state=BatchState.UNDONE)
    again = register(desk, petition, sheet=number, scan=scan)
    assert (PaperBatch.objects.count(), again.sheet.pk) == (2, int(number))


def test_a_faulty_row_is_shown_again_and_nothing_is_saved(desk):
    batch = register(desk, make_petition())
    page = type_rows(desk, batch, ANA, {"name": "Eve", "email": "no address", "country": "CH"}).content.decode()
    assert "not an e-mail address" in page
    assert 'value="Ana"' in page
    assert not Signature.objects.exists()


def test_rows_typed_twice_at_once_are_stored_once_and_shown_again(desk):
    batch = register(desk, make_petition())
    struck = {"name": "Eve", "country": "CH", "rejected": "struck"}
    type_rows(desk, batch, ANA, struck, first=1)
    page = type_rows(desk, batch, ANA, struck, first=1).content.decode()
    assert "the rows up to 2 of this sheet were saved meanwhile" in page
    assert 'value="Ana"' in page
    assert 'name="first" value="3"' in page
    batch.refresh_from_db()
    assert (batch.good, batch.matched, batch.rejected, batch.lines_read) == (1, 0, 1, 2)


def test_what_was_typed_for_a_sheet_that_is_finished_meanwhile_is_shown_again(desk):
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, button="finish", first=1)
    page = type_rows(desk, batch, BOB, first=1).content.decode()
    assert "this sheet was finished" in page
    assert 'value="bob@example.org"' in page
    assert Signature.objects.count() == 1


def test_a_faulty_page_still_tells_at_which_row_it_was_opened(desk):
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, first=1)
    page = type_rows(desk, batch, {"name": "Bob", "country": "CH"}, first=1)
    assert page.context["place"]["first"].value() == "1"


def test_a_row_left_empty_keeps_its_number(desk, monkeypatch):
    monkeypatch.setattr(entering, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, {"country": "CH"}, BOB)
    assert list(Signature.objects.order_by("batch_row").values_list("batch_row", flat=True)) == [1, 3]
    assert list(Rekeying.objects.order_by("row").values_list("row", flat=True)) == [1, 3]
    assert desk.get(f"{DESK}{batch.pk}/type/").context["place"]["first"].value() == 4


def test_who_typed_a_row_does_not_type_it_again_whoever_registered_the_sheet(desk, typist, monkeypatch):
    monkeypatch.setattr(entering, "ONE_IN", 1)
    batch = register(desk, make_petition())
    second = logged_in(make_staff("second"))
    type_rows(second, batch, ANA, button="finish")
    answer = second.post(f"{DESK}{batch.pk}/again/", {**ANA, "row": "1"}, follow=True)
    assert "needs a second person" in answer.content.decode()
    assert Rekeying.objects.get().is_equal is None
    desk.post(f"{DESK}{batch.pk}/again/", {**ANA, "row": "1"})
    assert (Rekeying.objects.get().is_equal, Rekeying.objects.get().keyed_by) == (True, typist)


def test_a_row_sent_twice_is_not_compared_with_the_next_one(desk, monkeypatch):
    monkeypatch.setattr(entering, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, BOB, button="finish")
    second = logged_in(make_staff("second"))
    for _ in range(2):
        second.post(f"{DESK}{batch.pk}/again/", {**ANA, "row": "1"})
    assert list(Rekeying.objects.order_by("row").values_list("is_equal", flat=True)) == [True, None]


def test_a_sheet_registered_by_mistake_is_taken_back_while_it_is_typed(desk, outbox_drained):
    petition = make_petition()
    sheets.print_sheets(petition=petition, language="en", copies=1)
    number = str(PaperSheet.objects.get().pk)
    batch = register(desk, petition, sheet=number)
    type_rows(desk, batch, ANA)
    page = desk.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert "1 row typed so far" in page
    assert "Take the batch back" in page
    desk.post(f"{DESK}{batch.pk}/undo/")
    outbox_drained()
    batch.refresh_from_db()
    assert (batch.state, Signature.objects.count()) == (BatchState.UNDONE, 0)
    assert register(desk, petition, sheet=number).sheet.pk == int(number)


def test_no_sheet_is_printed_or_registered_for_a_draft(desk):
    draft = make_petition("draft", visibility="draft")
    answer = desk.post(f"{DESK}print/", {"petition": draft.pk, "language": "en", "copies": "1"})
    assert "petition" in answer.context["form"].errors
    told = {"petition": draft.pk, "collector": "A", "place": "B", "collected_on": "2026-11-01", "language": "en"}
    assert "petition" in desk.post(f"{DESK}register/", told).context["form"].errors


def test_a_sample_is_typed_again_by_somebody_else_and_the_error_rate_is_shown(desk, client, monkeypatch):
    monkeypatch.setattr(entering, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, BOB, button="finish")
    assert Rekeying.objects.count() == 2
    assert desk.post(f"{DESK}{batch.pk}/again/", ANA).status_code == 302
    client.force_login(make_staff("second"))
    client.post(f"{DESK}{batch.pk}/again/", {**ANA, "name": "ANA ", "row": "1"})
    client.post(f"{DESK}{batch.pk}/again/", {**BOB, "name": "Rob", "row": "2"})
    assert list(Rekeying.objects.order_by("row").values_list("is_equal", "digest")) == [(True, None), (False, None)]
    html = client.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert "2 of 2 rows; different: 1, that is 50.0 % errors" in html
    assert "No row of this batch is left" in client.get(f"{DESK}{batch.pk}/again/", follow=True).content.decode()


def test_about_one_row_in_ten_is_chosen(desk, typist):
    batch = register(desk, make_petition())
    rows = [(number, Person(f"P {number}", "CH", f"Street {number}")) for number in range(1, 301)]
    entering.enter(PaperBatch.objects.for_work().get(pk=batch.pk), rows, first=1, by=typist)
    assert 5 < Rekeying.objects.count() < 80


def test_the_desk_is_closed_without_the_permission(desk, client):
    batch = register(desk, make_petition())
    client.force_login(make_staff("other", is_superuser=False))
    for path in ("print/", "register/", f"{batch.pk}/type/", f"{batch.pk}/again/"):
        assert client.get(DESK + path).status_code == 403
