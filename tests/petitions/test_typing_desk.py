"""Rows of a sheet: typed, and a sample of them typed again (petitions/paper/sheets/data_entry.py and its desk)."""

import importlib
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection

from petitions.models import BatchState, PaperBatch, PaperSheet, Rekeying, Signature
from petitions.paper.imports.rows import Person
from petitions.paper.sheets import data_entry, printing
from tests.petitions.factories import make_petition
from tests.petitions.paper import ANA, BOB, COLLECTED, DESK, logged_in, make_file, make_staff, register, type_rows


@pytest.fixture
def desk(client, typist):
    client.force_login(typist)
    return client


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
    monkeypatch.setattr(data_entry, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, {"country": "CH"}, BOB)
    assert list(Signature.objects.order_by("batch_row").values_list("batch_row", flat=True)) == [1, 3]
    assert list(Rekeying.objects.order_by("row").values_list("row", flat=True)) == [1, 3]
    assert desk.get(f"{DESK}{batch.pk}/type/").context["place"]["first"].value() == 4


def test_who_typed_a_row_does_not_type_it_again_whoever_registered_the_sheet(desk, typist, monkeypatch):
    monkeypatch.setattr(data_entry, "ONE_IN", 1)
    batch = register(desk, make_petition())
    second = logged_in(make_staff("second"))
    type_rows(second, batch, ANA, button="finish")
    answer = second.post(f"{DESK}{batch.pk}/again/", {**ANA, "row": "1"}, follow=True)
    assert "needs a second person" in answer.content.decode()
    assert Rekeying.objects.get().is_equal is None
    desk.post(f"{DESK}{batch.pk}/again/", {**ANA, "row": "1"})
    assert (Rekeying.objects.get().is_equal, Rekeying.objects.get().keyed_by) == (True, typist)


def test_a_row_sent_twice_is_not_compared_with_the_next_one(desk, monkeypatch):
    monkeypatch.setattr(data_entry, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, BOB, button="finish")
    second = logged_in(make_staff("second"))
    for _ in range(2):
        second.post(f"{DESK}{batch.pk}/again/", {**ANA, "row": "1"})
    assert list(Rekeying.objects.order_by("row").values_list("is_equal", flat=True)) == [True, None]


def test_a_sample_is_typed_again_by_somebody_else_and_the_error_rate_is_shown(desk, client, monkeypatch):
    monkeypatch.setattr(data_entry, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, BOB, button="finish")
    assert Rekeying.objects.count() == 2
    assert desk.post(f"{DESK}{batch.pk}/again/", ANA).status_code == 302
    client.force_login(make_staff("second"))
    client.post(f"{DESK}{batch.pk}/again/", {**ANA, "name": "ANA ", "row": "1"})
    client.post(f"{DESK}{batch.pk}/again/", {**BOB, "name": "Rob", "row": "2"})
    assert list(Rekeying.objects.order_by("row").values_list("is_equal", flat=True)) == [True, False]
    assert "to be settled: 1. That is 50.0 % errors" in client.get(f"{DESK}{batch.pk}/change/").content.decode()
    client.post(f"{DESK}{batch.pk}/again/", {**BOB, "row": "2"})
    assert "struck out: 0, to be settled: 0. That is 0.0 %" in client.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert "No row of this batch is left" in client.get(f"{DESK}{batch.pk}/again/", follow=True).content.decode()
    assert not Rekeying.objects.filter(digest__isnull=False).exists()


def test_about_one_row_in_ten_is_chosen(desk, typist):
    batch = register(desk, make_petition(), rows="300")
    rows = [(number, Person(f"P {number}", "CH", f"Street {number}")) for number in range(1, 301)]
    data_entry.enter(PaperBatch.objects.for_work().get(pk=batch.pk), rows, first=1, by=typist)
    assert 5 < Rekeying.objects.count() < 80


def persons(by: str) -> list[dict[str, str]]:
    """A whole sheet of them, whose addresses each typist spells in another way."""
    return [{"name": f"P {number}", "address": f"Street {number} {by}", "country": "CH"} for number in range(10)]


def test_two_who_type_one_sheet_count_nobody_twice(desk):
    batch, second = register(desk, make_petition()), logged_in(make_staff("second"))
    type_rows(desk, batch, *persons("left"), first=1)
    late = type_rows(second, batch, *persons("right"), first=1)
    again = late.context["place"]["first"].value()
    type_rows(second, batch, *persons("right"), first=again)
    assert Signature.objects.count() == 10


def shown_again(page: Any) -> dict[str, Any]:
    """Where the rows stand that came too late, as the page posts it back."""
    place = page.context["place"]
    return {"first": place["first"].value(), "is_late": str(place["is_late"].value())}


def test_half_a_sheet_typed_by_two_counts_nobody_twice(desk):
    batch, second = register(desk, make_petition()), logged_in(make_staff("second"))
    type_rows(desk, batch, *persons("left")[:5], first=1)
    late = type_rows(second, batch, *persons("right")[:5], first=1)
    for _ in range(2):
        late = type_rows(second, batch, *persons("right")[:5], **shown_again(late))
        assert "Tick this if it is so" in late.content.decode()
        assert 'value="Street 4 right"' in late.content.decode()
    assert Signature.objects.count() == 5


def test_rows_that_came_too_late_are_saved_when_they_are_said_to_be_others(desk):
    batch, second = register(desk, make_petition()), logged_in(make_staff("second"))
    type_rows(desk, batch, *persons("left")[:5], first=1)
    late = type_rows(second, batch, *persons("right")[5:], first=1)
    type_rows(second, batch, *persons("right")[5:], **shown_again(late), are_others="on")
    assert list(Signature.objects.order_by("batch_row").values_list("batch_row", flat=True)) == [*range(1, 11)]


def test_a_sheet_is_done_when_as_many_rows_are_typed_as_were_filled_in(desk):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=1)
    batch = register(desk, petition, sheet=str(PaperSheet.objects.get().pk), rows="5")
    assert len(desk.get(f"{DESK}{batch.pk}/type/").context["formset"].forms) == 5
    type_rows(desk, batch, *persons("left")[:5], first=1)
    late = type_rows(logged_in(make_staff("second")), batch, *persons("right")[:5], first=1)
    assert "this sheet was finished" in late.content.decode()
    assert Signature.objects.count() == 5


def test_no_more_rows_are_filled_in_than_were_printed(desk):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=1)
    values = {**COLLECTED, "petition": petition.pk, "sheet": PaperSheet.objects.get().pk, "rows": "11"}
    assert "This sheet was printed with 10 rows." in desk.post(f"{DESK}register/", values).content.decode()
    assert not PaperBatch.objects.exists()


@pytest.mark.parametrize(("typed", "rows"), [(4, 10), (12, 12)])
def test_a_sheet_that_is_typed_during_the_upgrade_takes_as_many_rows_as_were_printed(desk, typed, rows):
    petition = make_petition()
    printing.print_sheets(petition=petition, language="en", copies=1)
    batch, other = register(desk, petition, sheet=str(PaperSheet.objects.get().pk)), register(desk, petition)
    PaperBatch.objects.update(rows=None, lines_read=typed)
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("petitions.migrations.0029_rows_of_open_sheets").AS_PRINTED)
    batch.refresh_from_db()
    other.refresh_from_db()
    assert (batch.rows, other.rows) == (rows, None)


def test_what_does_not_fit_on_the_sheet_any_more_is_shown_again_with_the_rows_that_are_left(desk):
    batch = register(desk, make_petition())
    type_rows(desk, batch, *persons("left")[:6], first=1)
    page = type_rows(desk, batch, *persons("right"), first=7)
    assert "this sheet has 10 rows, and those up to 6 are saved" in page.content.decode()
    assert "4 can still be saved" in page.content.decode()
    assert 'value="Street 9 right"' in page.content.decode()
    assert Signature.objects.count() == 6


def test_of_a_page_typed_too_late_the_rows_that_are_left_can_be_saved(desk):
    batch = register(desk, make_petition())
    type_rows(desk, batch, *persons("left")[:6], first=1)
    type_rows(desk, batch, *[{"country": "CH"}] * 6, *persons("left")[6:], first=7)
    assert list(Signature.objects.order_by("batch_row").values_list("batch_row", flat=True)) == [*range(1, 11)]


def test_a_sheet_whose_last_row_is_typed_is_done(desk):
    batch = register(desk, make_petition())
    type_rows(desk, batch, *persons("left"))
    batch.refresh_from_db()
    assert batch.state == BatchState.LOADED


def test_the_page_has_no_more_rows_than_are_left_on_the_sheet(desk):
    batch = register(desk, make_petition(), rows="13")
    type_rows(desk, batch, *persons("left"))
    assert len(desk.get(f"{DESK}{batch.pk}/type/").context["formset"].forms) == 3


def test_the_database_takes_no_row_beyond_the_last_of_a_sheet(desk):
    batch = register(desk, make_petition())
    with pytest.raises(IntegrityError, match="paper_batch_within_its_sheet"):
        PaperBatch.objects.filter(pk=batch.pk).update(lines_read=11)


def test_the_role_of_typists_is_enough_for_a_sheet_and_for_nothing_else(client, db):
    somebody = make_staff("volunteer", is_superuser=False)
    somebody.groups.add(Group.objects.get(name="Typist"))
    client.force_login(somebody)
    batch = register(client, make_petition())
    type_rows(client, batch, ANA, BOB)
    page = client.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert "2 rows typed so far" in page
    assert "Take the batch back" not in page
    assert client.get(f"{DESK}add/")["Location"] == f"{DESK}register/"
    assert client.post(f"{DESK}{batch.pk}/undo/").status_code == 403
    assert client.get("/admin/petitions/signature/").status_code == 403


def test_a_typist_registers_sheets_and_loads_no_file(client, db):
    petition, somebody = make_petition(), make_staff("volunteer", is_superuser=False)
    somebody.groups.add(Group.objects.get(name="Typist"))
    client.force_login(somebody)
    assert "Load a file" not in client.get(DESK).content.decode()
    file = SimpleUploadedFile("rows.csv", make_file("Ana,,Street 1,CH"))
    fields = {**COLLECTED, "petition": petition.pk, "country": "CH", "file": file}
    assert client.post(f"{DESK}add/", fields).status_code == 403
    assert not PaperBatch.objects.exists()


@pytest.mark.parametrize(
    ("typed", "question"), [(4, "row 5 of 5 is empty. Is the sheet done?"), (2, "rows 3 to 5 are empty.")]
)
def test_whoever_calls_a_sheet_done_of_which_rows_are_empty_is_asked_once(desk, typed, question):
    batch = register(desk, make_petition(), rows="5")
    page = type_rows(desk, batch, *persons("left")[:typed], button="finish", first=1, is_asked="").content.decode()
    assert question in page
    assert 'value="Street 0 left"' in page
    assert '<input type="hidden" name="is_asked" value="on">' in page
    assert not Signature.objects.exists()
    type_rows(desk, batch, *persons("left")[:typed], button="finish", first=1, is_asked="on")
    batch.refresh_from_db()
    assert (batch.state, Signature.objects.count()) == (BatchState.LOADED, typed)
