"""Signatures from paper (petitions/paper/): counted once, shown as paper, taken back exactly."""

import threading
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from campaign.protection.inputs.csv_records import Unusable
from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import unseal
from petitions.counting import events, recount
from petitions.data_requests import self_service
from petitions.models import BatchState, PaperBatch, Petition, Signature, State, Tally, UploadPart, Voice
from petitions.models.paper import Reason, RowOutcome
from petitions.paper.imports import loading, sealing, undo
from petitions.paper.imports.loading import AlreadyLoaded
from petitions.paper.imports.storage import ImportInterrupted
from petitions.public.comments import PublicComment
from petitions.signing import confirming
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of
from tests.petitions.paper import load, make_batch, make_file, spreadsheet


def counted(petition: Petition) -> int:
    events.aggregate()
    assert recount.differences() == []
    return Petition.objects.for_display().get(pk=petition.pk).count


def reasons(batch: PaperBatch) -> list[tuple[int, str, str]]:
    return list(batch.remarks.values_list("number", "outcome", "reason"))


def test_paper_rows_count_as_paper_and_are_sealed(db):
    pair = new_keypair()
    petition = make_petition(keypair=pair)
    batch = load(petition, "Ana Lopez,ana@example.org,Main street 5,DE", "=cmd,,Street 1,JP")
    assert (batch.state, batch.good, batch.percent) == (BatchState.LOADED, 2, 100)
    assert counted(petition) == 2
    assert dict(Tally.objects.values_list("country", "channel")) == {"DE": "paper", "JP": "paper"}
    first = Signature.objects.order_by("batch_row")[0]
    assert unseal(first.sealed, pair.private) == {
        "name": "Ana Lopez", "email": "ana@example.org", "address": "Main street 5",
    }  # fmt: skip
    assert (first.signed_on, first.text, first.batch_row) == (date(2026, 11, 1), petition.text, 2)


def test_somebody_who_signed_online_is_flagged_and_counted_once(db):
    petition = make_petition()
    make_confirmed(petition, "ana@gmail.com")
    batch = load(petition, "Ana,A.N.A+x@googlemail.com,,DE", "Bob,,Street 1,DE", "BOB,,street 1,DE")
    assert reasons(batch) == [(2, RowOutcome.MATCHED, Reason.ONLINE), (4, RowOutcome.MATCHED, Reason.REPEATED)]
    assert (batch.good, batch.matched, counted(petition)) == (1, 2, 2)


def test_who_never_opened_the_mail_counts_by_paper_and_the_link_still_answers(db):
    petition = make_petition()
    online = make_signature(petition, "ana@example.org")
    batch = load(petition, "Ana,ana@example.org,,DE")
    assert (batch.good, batch.matched, counted(petition)) == (1, 0, 1)
    assert confirming.confirm(token_of(online)) is not None
    assert counted(petition) == 1


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.INVALIDATED, State.HELD])
def test_paper_does_not_bring_back_what_was_withdrawn_or_must_be_looked_at(db, state):
    petition = make_petition()
    Signature.objects.filter(pk=make_signature(petition).pk).update(state=state)
    batch = load(petition, "Ana,ana@example.org,,DE")
    assert (batch.matched, counted(petition)) == (1, 0)


def test_signing_online_after_paper_is_one_signature_with_a_link(db):
    petition = make_petition()
    load(petition, "Ana,ana@example.org,,DE")
    signature = make_signature(petition, "ana@example.org")
    assert signature.state == State.CONFIRMED
    assert confirming.find(token_of(signature)) == signature
    assert counted(petition) == 1


def test_a_batch_taken_back_returns_the_count_exactly(db, outbox_drained):
    petition = make_petition()
    make_confirmed(petition, "before@example.org")
    waiting = make_signature(petition, "ana@example.org")
    kept = load(petition, "Kim,,Street 9,KR")
    batch = load(
        petition, "Ana,ana@example.org,,DE", "Bob,,Street 1,JP", "Eve,,Street 2,JP", "x,before@example.org,,DE"
    )
    invalid = Signature.objects.filter(batch=batch, batch_row=4).get()
    invalid.change_to(State.INVALIDATED)
    invalid.save()
    events.note(invalid, -1)
    assert counted(petition) == 4
    assert undo.start(batch)
    outbox_drained()
    assert counted(petition) == 2
    batch.refresh_from_db()
    assert (batch.state, batch.undone, batch.percent) == (BatchState.UNDONE, 3, 100)
    assert set(Signature.objects.exclude(batch=None).values_list("batch", flat=True)) == {kept.pk}
    assert not Signature.objects.filter(pk=waiting.pk).exists()
    assert not undo.start(batch)


def test_who_signed_online_after_a_batch_that_is_taken_back_can_sign_again(db, outbox_drained):
    petition = make_petition()
    batch = load(petition, "Ana,ana@example.org,,DE")
    make_signature(petition, "ana@example.org")
    undo.start(batch)
    outbox_drained()
    assert (Signature.objects.count(), counted(petition)) == (0, 0)
    assert confirming.confirm(token_of(make_signature(petition, "ana@example.org"))) is not None
    assert counted(petition) == 1


def test_nothing_of_a_batch_that_was_taken_back_counts_by_a_link_mailed_before_it(db, outbox_drained):
    petition = make_petition(asks_why=True)
    online = make_signature(
        petition, "ana@example.org", country="FR", said=PublicComment("Because.", "Ana", is_public=True)
    )
    batch = load(petition, "Somebody Else,ana@example.org,,DE")
    assert Signature.objects.get(pk=online.pk).token_expires_at is None
    assert not Voice.objects.exists()
    undo.start(batch)
    outbox_drained()
    assert confirming.confirm(token_of(online)) is None
    assert (Signature.objects.count(), counted(petition)) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_who_withdrew_a_signature_on_paper_is_not_brought_back_by_loading_the_sheet_anew(outbox_drained):
    petition = make_petition()
    batch = load(petition, "Ana,ana@example.org,,DE")
    self_service.withdraw(Signature.objects.get())
    undo.start(batch)
    outbox_drained()
    again = load(petition, "Ana,ana@example.org,,DE")
    assert (reasons(again), counted(petition)) == ([(2, RowOutcome.MATCHED, Reason.WITHDRAWN)], 0)


def test_the_report_tells_who_withdrew_from_who_has_signed(db):
    petition = make_petition()
    for state in (State.WITHDRAWN, State.INVALIDATED):
        Signature.objects.filter(pk=make_signature(petition, f"{state}@example.org").pk).update(state=state)
    batch = load(petition, "Ana,withdrawn@example.org,,DE", "Bob,invalidated@example.org,,DE")
    assert [reason for _, _, reason in reasons(batch)] == [Reason.WITHDRAWN, Reason.SET_ASIDE]


def test_a_draft_takes_no_paper(db):
    with pytest.raises(Unusable, match="draft"):
        make_batch(make_petition(visibility="draft"), b"")


def test_the_same_file_is_refused_until_its_batch_was_taken_back(db, outbox_drained):
    petition, content = make_petition(), make_file("Ana,,Street 1,DE")
    batch = load(petition, "Ana,,Street 1,DE")
    with pytest.raises(AlreadyLoaded) as refused:
        make_batch(petition, content)
    assert refused.value.batch == batch
    make_batch(make_petition("other"), content)
    undo.start(batch)
    outbox_drained()
    assert load(petition, "Ana,,Street 1,DE").good == 1
    assert counted(petition) == 1


def test_an_interrupted_import_goes_on_where_it_was(db, monkeypatch):
    monkeypatch.setattr(sealing, "CHUNK", 10)
    petition, content = make_petition(), make_file(*(f"P{number},,Street {number},DE" for number in range(95)))
    batch = make_batch(petition, content)
    steps = loading.load(batch, [content])
    next(steps)
    steps.close()
    assert 0 < Signature.objects.count() < 95
    again = make_batch(petition, content)
    assert again == batch
    assert len(list(loading.load(again, [content]))) == 9
    again.refresh_from_db()
    assert (again.good, again.matched, counted(petition)) == (95, 0, 95)


def test_the_rows_of_a_chunk_are_sealed_in_one_context_and_the_next_in_another(db, monkeypatch):
    monkeypatch.setattr(sealing, "CHUNK", 2)
    load(make_petition(), *(f"P{number},,Street {number},DE" for number in range(4)))
    one, two, three, four = (bytes(row.sealed[:32]) for row in Signature.objects.order_by("batch_row"))
    assert one == two != three == four


def test_two_workers_at_one_batch_load_it_once(db, monkeypatch):
    monkeypatch.setattr(sealing, "CHUNK", 10)
    content = make_file(*(f"P{number},,Street {number},DE" for number in range(50)))
    batch = make_batch(make_petition(), content)
    late = PaperBatch.objects.get(pk=batch.pk)
    one, other = loading.load(batch, [content]), loading.load(late, [content])
    next(one)
    with pytest.raises(ImportInterrupted):
        next(other)
    list(one)
    assert Signature.objects.count() == 50


def test_cancelling_stops_and_what_was_uploaded_is_gone(db, monkeypatch):
    monkeypatch.setattr(sealing, "CHUNK", 10)
    petition, content = make_petition(), make_file(*(f"P{number},,Street {number},DE" for number in range(50)))
    batch = make_batch(petition, content)
    UploadPart.objects.create(batch=batch, number=0, content=b"x")
    steps = loading.load(batch, [content])
    next(steps)
    assert loading.cancel(batch)
    with pytest.raises(ImportInterrupted):
        list(steps)
    assert not UploadPart.objects.exists()
    assert counted(petition) == 10
    assert make_batch(petition, content).state == BatchState.LOADING


def test_a_petition_without_a_key_takes_no_paper(db):
    petition = make_petition(visibility="archived", active_key=None)
    with pytest.raises(Unusable):
        make_batch(petition, b"")


def run(*arguments: str) -> str:
    out = StringIO()
    told = ["--petition", "stop", "--collector", "Ana", "--place", "Bern", "--date", "2026-11-01"]
    call_command("import_signatures", *arguments, *told, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_writes_each_faulty_line_with_its_reason_and_loads_nothing_twice(db, tmp_path):
    petition, file = make_petition(), tmp_path / "rows.csv"
    file.write_bytes(make_file("Ana,,Street 1,DE", ",,Street 2,DE", "Eve,,Street 3,??"))
    assert "1 counted, 0 known already, 2 faulty" in run(str(file))
    report = (tmp_path / "rows.csv.report.csv").read_text().splitlines()
    assert report[1:3] == ["3,faulty,no name", "4,faulty,not the name or the code of a country"]
    assert "in already" in run(str(file))
    assert counted(petition) == 1


@pytest.mark.parametrize("kind", ["ods", "csv"])
def test_the_command_reads_spreadsheets_and_other_encodings(db, tmp_path, kind):
    petition, file = make_petition(), tmp_path / f"rows.{kind}"
    rows = [["Name", "Straße", "Land"], ["Zoë Müller", "Weg 1", "Österreich"]]
    in_csv = "\r\n".join(map(";".join, rows)).encode("cp1252")
    file.write_bytes(in_csv if kind == "csv" else spreadsheet(kind, rows))
    assert "1 counted" in run(str(file))
    assert "in already" in run(str(file))
    assert petition.signatures.get().country == "AT"


def test_the_command_refuses_what_it_cannot_use(db, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_bytes(b"phone\n1\n")
    with pytest.raises(CommandError, match="no petition"):
        run(str(file))
    make_petition()
    with pytest.raises(CommandError, match="unknown columns: phone"):
        run(str(file))
    with pytest.raises(CommandError, match="absent"):
        run(str(tmp_path / "absent"))
    with pytest.raises(CommandError, match="two letters"):
        run(str(file), "--country", "Germany")
    assert not PaperBatch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_with_the_same_people_can_be_loaded_at_once():
    petition = make_petition()
    people = [f"P{number},p{number}@example.org,,DE" for number in range(300)]
    files = [make_file(*people), make_file(*reversed(people))]
    batches = [make_batch(petition, content) for content in files]
    threads = [threading.Thread(target=work, args=pair) for pair in zip(batches, files, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(petition) == 300
    assert sum(PaperBatch.objects.values_list("matched", flat=True)) == 300


def work(batch: PaperBatch, content: bytes) -> None:
    try:
        list(loading.load(batch, [content]))
    finally:
        connection.close()
