"""A row whose second typing differs (petitions/paper/sheets/double_entry.py): told field by field, and settled."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from campaign.audit.models import Entry
from campaign.secrecy.keypairs import Keypair, new_keypair
from campaign.secrecy.sealing import unseal
from petitions.counting import events, recount
from petitions.data_requests.self_service import withdraw
from petitions.models import PaperBatch, Rekeying, Signature, State
from petitions.moderation import decisions
from petitions.paper.imports import reports
from petitions.paper.imports.rows import Person
from petitions.paper.sheets import data_entry
from petitions.paper.sheets.data_entry import row_digest
from tests.petitions.factories import make_confirmed, make_petition
from tests.petitions.paper import ANA, BOB, DESK, logged_in, make_staff, register, type_rows
from tests.staff.desk import at_the_desk, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Keypair:
    return new_keypair()


@pytest.fixture
def batch(pair, monkeypatch) -> PaperBatch:
    """A sheet of which everything is typed again: Ana, and Bob as Rob."""
    monkeypatch.setattr(data_entry, "ONE_IN", 1)
    first = logged_in(make_staff("first"))
    batch = register(first, make_petition(keypair=pair))
    type_rows(first, batch, ANA, {**BOB, "name": "Rob"}, button="finish")
    events.aggregate()
    return batch


@pytest.fixture
def second() -> Client:
    return at_the_desk(make_member("second", "Typist"))


def again(desk: Client, batch: PaperBatch, row: int, **typed: str) -> Any:
    return desk.post(f"{DESK}{batch.pk}/again/", {**typed, "row": str(row)})


def told(page: Any) -> dict[str, list[str]]:
    return dict(page.context["form"].errors)


def names(pair: Keypair) -> list[str]:
    rows = Signature.objects.filter(state=State.CONFIRMED).order_by("batch_row")
    return [unseal(row.sealed, pair.private)["name"] for row in rows]


def numbers(batch: PaperBatch) -> tuple[int, int, int]:
    batch.refresh_from_db()
    events.aggregate()
    assert recount.differences() == []
    return batch.good, batch.matched, batch.rejected


def test_a_row_is_corrected_by_what_stands_on_the_paper(batch, second, pair):
    again(second, batch, 1, **ANA)
    page = again(second, batch, 2, **{**BOB, "country": "DE"})
    assert told(page).keys() == {"name", "country"}
    assert not re.search(r"\bRob\b", page.content.decode())  # which the random value of the form may hold
    assert numbers(batch) == (2, 0, 0)
    again(second, batch, 2, **{**BOB, "country": "DE", "replace": "1"})
    assert (names(pair), numbers(batch)) == (["Ana", "Bob"], (2, 0, 0))
    row = Rekeying.objects.get(row=2)
    assert (row.is_equal, row.settlement, row.digest) == (False, "corrected", None)
    assert "corrected: 1, struck out: 0, to be settled: 0" in second.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert Entry.objects.filter(act="paper.row-corrected", who="second", details__row=2).exists()


def test_a_row_that_must_not_count_is_struck_and_the_report_says_so(batch, second, pair):
    again(second, batch, 1, **ANA)
    struck = {**BOB, "rejected": "struck"}
    assert told(again(second, batch, 2, **struck)).keys() == {"rejected"}
    again(second, batch, 2, **{**struck, "replace": "1"})
    assert (names(pair), numbers(batch)) == (["Ana"], (1, 0, 1))
    assert "2,rejected,struck out on the sheet" in "".join(reports.report(batch))


def test_who_mistyped_the_second_time_compares_again_and_the_row_was_right(batch, second):
    again(second, batch, 1, **{**ANA, "address": "Street 2"})
    again(second, batch, 1, **ANA)
    assert Rekeying.objects.get(row=1).settlement == "first"
    assert numbers(batch) == (2, 0, 0)


def test_a_corrected_row_of_somebody_who_signed_before_is_known_already(batch, second):
    make_confirmed(batch.petition, "carl@example.org")
    again(second, batch, 1, **ANA)
    again(second, batch, 2, **{**BOB, "email": "carl@example.org"})
    again(second, batch, 2, **{**BOB, "email": "carl@example.org", "replace": "1"})
    assert numbers(batch) == (1, 1, 0)
    assert "2,known already,has signed online" in "".join(reports.report(batch))


def test_nothing_is_replaced_that_was_not_seen_to_differ_or_by_who_typed_it(batch, second):
    again(second, batch, 1, **{**ANA, "address": "Street 2", "replace": "1"})
    assert Rekeying.objects.get(row=1).settlement == ""
    first = logged_in(User.objects.get(username="first"))
    again(first, batch, 1, **{**ANA, "replace": "1"})
    assert Rekeying.objects.get(row=1).settlement == ""


def test_what_a_moderator_or_the_signer_decided_stands(batch, second):
    ana, rob = Signature.objects.order_by("batch_row")
    withdraw(ana)
    decisions.invalidate([rob.pk], by="mo")
    for row, typed in ((1, {**ANA, "address": "Street 2"}), (2, BOB)):
        again(second, batch, row, **typed)
        again(second, batch, row, **{**typed, "replace": "1"})
    assert "theirs to decide" in second.get(f"{DESK}{batch.pk}/change/").content.decode()
    assert set(Signature.objects.filter(pk__in=[ana.pk, rob.pk]).values_list("state", flat=True)) == {
        "withdrawn", "invalidated",
    }  # fmt: skip


def test_only_a_second_person_is_offered_the_sample_and_a_typist_no_page_that_they_may_not_see(batch, second):
    boss = at_the_desk(User.objects.get(username="first"))
    words, link = "Type the sample again", f'<a href="/admin/petitions/petition/{batch.petition_id}/change/">'
    pages = [desk.get(f"{DESK}{batch.pk}/change/").content.decode() for desk in (boss, second)]
    assert [words in page for page in pages] == [False, True]
    assert [link in page for page in pages] == [True, False]
    assert str(batch.petition) in pages[1]


def test_the_dashboard_leads_to_the_row_until_it_is_settled(batch, second):
    where = f"{DESK}{batch.pk}/again/"
    again(second, batch, 1, **ANA)
    assert where not in second.get("/admin/").content.decode()
    again(second, batch, 2, **BOB)
    assert where in second.get("/admin/").content.decode()
    again(second, batch, 2, **{**BOB, "replace": "1"})
    assert where not in second.get("/admin/").content.decode()


def test_the_hashes_of_a_row_tell_nothing_of_another(batch):
    person = Person("Ana", "CH", "Street 1")
    assert len({row_digest(each, person) for each in (batch, PaperBatch(pk=batch.pk + 1))}) == 2
