"""Sheets: printed, registered, typed, a sample typed again (petitions/paper/sheets.py, typing.py and their desk)."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from campaign.secrecy.sealing import new_keypair, unseal
from petitions import counting
from petitions.models import BatchState, PaperBatch, PaperRemark, PaperSheet, Rekeying, Signature
from petitions.paper import sheets, typing
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


def type_rows(desk: Client, batch: PaperBatch, *rows: dict[str, str], button: str = "more") -> Any:
    fields = {f"form-{index}-{key}": value for index, row in enumerate(rows) for key, value in row.items()}
    management = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
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
    assert counting.differences() == []
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


def test_a_sample_is_typed_again_by_somebody_else_and_the_error_rate_is_shown(desk, client, monkeypatch):
    monkeypatch.setattr(typing, "ONE_IN", 1)
    batch = register(desk, make_petition())
    type_rows(desk, batch, ANA, BOB, button="finish")
    assert Rekeying.objects.count() == 2
    assert desk.post(f"{DESK}{batch.pk}/again/", ANA).status_code == 403
    client.force_login(make_staff("second"))
    client.post(f"{DESK}{batch.pk}/again/", {**ANA, "name": "ANA "})
    client.post(f"{DESK}{batch.pk}/again/", {**BOB, "name": "Rob"})
    assert list(Rekeying.objects.order_by("row").values_list("is_equal", "digest")) == [(True, None), (False, None)]
    assert "2 of 2 rows, 1 differ: 50.0 % errors" in client.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert client.get(f"{DESK}{batch.pk}/again/").status_code == 302


def test_about_one_row_in_ten_is_chosen(db, typist):
    assert typing.ONE_IN == 10
    petition = make_petition()
    batch = register(logged_in(typist), petition)
    rows = [Person(f"P {number}", "CH", f"Street {number}") for number in range(300)]
    typing.enter(PaperBatch.objects.for_work().get(pk=batch.pk), rows)
    assert 5 < Rekeying.objects.count() < 80


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_desk_is_closed_without_the_permission(client, db):
    batch = register(logged_in(make_staff("typist")), make_petition())
    client.force_login(make_staff("other", is_superuser=False))
    for path in ("print/", "register/", f"{batch.pk}/type/", f"{batch.pk}/again/"):
        assert client.get(DESK + path).status_code == 403
