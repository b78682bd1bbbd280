"""Sheets: printed, registered, found, taken back (petitions/paper/sheets/printing.py and the desk for them)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.database import clock
from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import unseal
from petitions.counting import events, recount
from petitions.models import BatchState, PaperBatch, PaperRemark, PaperSheet, Signature
from petitions.paper.imports import loading
from petitions.paper.imports.loading import AlreadyLoaded
from petitions.paper.sheets import printing
from petitions.paper.sheets.forms import RegisterForm
from tests.petitions.factories import make_confirmed, make_petition, make_text
from tests.petitions.paper import ANA, BOB, COLLECTED, DESK, make_staff, register, type_rows


@pytest.fixture
def desk(client, typist):
    client.force_login(typist)
    return client


@pytest.mark.parametrize("language", ["en", "ar", "zh-hant"])
def test_sheets_are_numbered_and_made_in_every_language(db, language):
    petition = make_petition()
    text = make_text(petition, language) if language != "en" else petition.text
    pdf = printing.print_sheets(petition=petition, language=language, copies=3)
    assert pdf.startswith(b"%PDF")
    assert list(PaperSheet.objects.values_list("text", flat=True)) == [text.pk] * 3
    shown = printing.data(petition, text, [1])
    assert shown["url"].endswith("/petitions/stop/")
    assert "<svg" in shown["code"]


def test_a_sheet_that_two_register_at_once_becomes_one_batch(desk, typist):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=1)
    values = {**COLLECTED, "petition": petition.pk, "sheet": str(PaperSheet.objects.get().pk)}
    one, other = RegisterForm(values), RegisterForm(values)
    assert (one.is_valid(), other.is_valid()) == (True, True)
    one.register(typist)
    with pytest.raises(AlreadyLoaded):
        other.register(typist)


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
    events.aggregate()
    assert recount.differences() == []
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


@pytest.mark.parametrize("like", ["", "x", "٣", "9" * 30, "9" * 5000])
def test_a_sheet_like_none_that_is_there_begins_empty(desk, like):
    page = desk.get(f"{DESK}register/?like={like}")
    assert (page.status_code, "collector" in page.context["form"].initial) == (200, False)


def test_a_form_of_the_desk_begins_with_the_petition_where_there_is_but_one(desk):
    only = make_petition()
    begun = [desk.get(DESK + path).context["form"]["petition"].value() for path in ("register/", "print/")]
    assert begun == [only.pk, only.pk]
    make_petition("other")
    assert desk.get(f"{DESK}register/").context["form"]["petition"].value() is None


def test_a_sheet_that_was_printed_before_the_wording_changed_keeps_its_own(desk):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=1)
    newer = make_text(petition, version=2)
    sheet = PaperSheet.objects.get()
    assert register(desk, petition, sheet=str(sheet.pk)).text == sheet.text
    assert register(desk, petition).text == newer


def test_a_sheet_is_found_by_its_number_and_says_it(desk):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=3)
    number = PaperSheet.objects.latest("pk").pk
    other, batch = register(desk, petition), register(desk, petition, sheet=str(number))
    found = desk.get(DESK, {"q": str(number)}).context["cl"].result_list
    assert [one.pk for one in found] == [batch.pk]
    assert list(desk.get(DESK, {"q": "Bern"}).context["cl"].result_list) == [batch, other]
    assert f"Sheet {number}" in desk.get(f"{DESK}{batch.pk}/type/").content.decode()
    assert "Sheet" not in desk.get(f"{DESK}{other.pk}/type/").content.decode()
    assert not re.search(r"\bNone\b", desk.get(f"{DESK}{other.pk}/change/").content.decode())


@pytest.mark.parametrize("days", [3, 366])
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
    printing.print_sheets(petition=petition, language="en", copies=1)
    number, scan = str(PaperSheet.objects.get().pk), "ab" * 32
    register(desk, petition, sheet=number, scan=scan)
    register(desk, petition, sheet=number)
    register(desk, petition, scan=scan)
    assert PaperBatch.objects.count() == 1
    PaperBatch.objects.update(state=BatchState.UNDONE)
    again = register(desk, petition, sheet=number, scan=scan)
    assert (PaperBatch.objects.count(), again.sheet.pk) == (2, int(number))


def test_a_file_with_the_scan_of_a_sheet_that_is_typed_is_refused(desk):
    petition = make_petition()
    batch = register(desk, petition, scan="ab" * 32)
    type_rows(desk, batch, ANA)
    source = loading.ImportSource("ab" * 32, "rows.csv", 100)
    with pytest.raises(AlreadyLoaded):
        loading.open_batch(petition=petition, collected=loading.Collected("", "", clock.now().date()), source=source)


def test_a_sheet_registered_by_mistake_is_taken_back_while_it_is_typed(desk, outbox_drained):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=1)
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


def test_the_desk_is_closed_without_the_permission(desk, client):
    batch = register(desk, make_petition())
    client.force_login(make_staff("other", is_superuser=False))
    for path in ("print/", "register/", f"{batch.pk}/type/", f"{batch.pk}/again/"):
        assert client.get(DESK + path).status_code == 403
