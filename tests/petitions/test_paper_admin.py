"""Paper in the admin: a file is uploaded, loaded by a worker, reported on, stopped, taken back."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from campaign.audit.models import Entry
from campaign.protection.inputs.encrypted_uploads import EncryptedFile
from petitions.models import BatchState, PaperBatch, Petition, Signature, UploadPart
from petitions.paper.imports import handlers, loading, sealing, uploads
from petitions.paper.imports.forms import ReadingForm
from tests.petitions.factories import make_petition
from tests.petitions.paper import COLLECTED, DESK, load, logged_in, make_batch, make_file, make_staff, spreadsheet

ADD = f"{DESK}add/"


@pytest.fixture
def desk(client, db):
    client.force_login(make_staff())
    return client


def upload(desk: Client, petition: Petition, content: bytes, **fields: str) -> Any:
    return desk.post(
        ADD, {**COLLECTED, "petition": petition.pk, **fields, "file": SimpleUploadedFile("rows.csv", content)}
    )


def test_an_uploaded_file_is_kept_encrypted_loaded_in_the_background_and_wiped(desk, outbox_drained):
    answer = upload(desk, make_petition(), make_file("Canary Name,,Street 1,DE", "Eve,,,DE"))
    assert answer.url == f"/admin/petitions/paperbatch/{PaperBatch.objects.get().pk}/change/"
    assert all(b"Canary" not in bytes(part.content) for part in UploadPart.objects.all())
    batch = PaperBatch.objects.get()
    page = desk.get(f"/admin/petitions/paperbatch/{batch.pk}/change/")
    assert ("Refresh" in page, batch.state, Signature.objects.count()) == (False, BatchState.UPLOADED, 0)
    press(desk)
    page = desk.get(f"/admin/petitions/paperbatch/{batch.pk}/change/")
    assert (page["Refresh"], Signature.objects.count()) == ("5", 0)
    outbox_drained()
    batch.refresh_from_db()
    assert (batch.state, batch.good, batch.faulty, str(batch.entered_by)) == (BatchState.LOADED, 1, 1, "staff")
    assert not UploadPart.objects.exists()
    assert "Refresh" not in desk.get(f"/admin/petitions/paperbatch/{batch.pk}/change/")


def test_djangos_log_which_is_kept_for_good_does_not_name_who_collected(desk):
    upload(desk, make_petition(), make_file("Eve,,Street 1,DE"), collector="Canary")
    assert "Canary" not in LogEntry.objects.get().object_repr


def test_who_collected_is_kept_encrypted_and_shown_to_who_enters_paper(desk):
    upload(desk, make_petition(), make_file("Eve,,Street 1,DE"), collector="Canary")
    with connection.cursor() as cursor:
        cursor.execute("SELECT collector_box, collector FROM petitions_paperbatch")
        ((box, before),) = cursor.fetchall()
    assert (b"Canary" in bytes(box), before) == (False, "")
    pages = ["/admin/petitions/paperbatch/", f"/admin/petitions/paperbatch/{PaperBatch.objects.get().pk}/change/"]
    assert all("Canary" in desk.get(page).content.decode() for page in pages)


def test_a_large_upload_is_loaded_in_slices(desk, outbox_drained, monkeypatch):
    monkeypatch.setattr(handlers.BatchHandler, "turn_seconds", -1)
    monkeypatch.setattr(handlers.BatchHandler, "pause", timedelta(microseconds=1))
    monkeypatch.setattr(sealing, "CHUNK", 40)
    content = make_file(*(f"P{number},,Street {number},DE" for number in range(100))) + (b" " * 99 + b"\n") * 30_000
    assert upload(desk, make_petition(), content).status_code == 302
    assert UploadPart.objects.count() > 10
    press(desk)
    assert outbox_drained() == 4
    assert (Signature.objects.count(), PaperBatch.objects.get().state) == (100, BatchState.LOADED)


def test_the_same_file_and_wrong_files_are_form_errors(desk):
    petition = make_petition()
    batch = load(petition, "Ana,,Street 1,DE")
    same = upload(desk, petition, make_file("Ana,,Street 1,DE")).content.decode()
    assert f"loaded already: batch {batch.pk}" in same
    assert "hexadecimal" in upload(desk, petition, make_file(), scan="x").content.decode()
    assert "too long" in upload(desk, petition, b"x" * 131_073).content.decode()
    assert PaperBatch.objects.count() == 1


def test_the_report_names_lines_and_reasons(desk):
    batch = load(make_petition(), "Ana,,Street 1,DE", ",,Street 2,DE")
    answer = desk.get(f"/admin/petitions/paperbatch/{batch.pk}/report/")
    assert b"".join(answer).decode().splitlines() == ["line,outcome,reason", "3,faulty,no name"]


def test_a_batch_is_stopped_and_taken_back_by_post_only(desk, outbox_drained):
    petition = make_petition()
    batch = make_batch(petition, make_file("Ana,,Street 1,DE"))
    stop, undo = (f"/admin/petitions/paperbatch/{batch.pk}/{deed}/" for deed in ("stop", "undo"))
    desk.get(stop)
    batch.refresh_from_db()
    assert batch.state == BatchState.LOADING
    desk.post(stop)
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    list(loading.load(make_batch(petition, make_file("Ana,,Street 1,DE")), [make_file("Ana,,Street 1,DE")]))
    assert Signature.objects.count() == 1
    desk.post(undo)
    outbox_drained()
    assert Signature.objects.count() == 0
    assert list(Entry.objects.order_by("pk").values_list("act", "who")) == [
        ("paper.stopped", "staff"),
        ("paper.undone", "staff"),
    ]


def test_staff_without_the_permission_see_and_do_nothing(client, db):
    batch = load(make_petition(), "Ana,,Street 1,DE")
    client.force_login(make_staff(is_superuser=False))
    for path in (ADD, f"/admin/petitions/paperbatch/{batch.pk}/report/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/admin/petitions/paperbatch/{batch.pk}/undo/").status_code == 403


def test_large_uploads_cross_the_disk_encrypted_and_can_be_read_anywhere():
    kept = EncryptedFile()
    plain = b"Canary " * 10_000
    for start in range(0, len(plain), 1000):
        kept.write(plain[start : start + 1000])
    kept.file.seek(0)
    assert b"Canary" not in kept.file.read()
    reader = io.BufferedReader(kept)
    reader.seek(0)
    assert reader.read() == plain
    reader.seek(12_345)
    assert reader.read(100) == plain[12_345:12_445]


def page_of(desk: Client) -> str:
    return desk.get(f"{DESK}{PaperBatch.objects.latest('pk').pk}/change/").content.decode()


def press(desk: Client, button: str = "load", **fields: str) -> str:
    """Press a button of the newest batch's page, with the form as it stands there unless `fields` say otherwise."""
    batch = PaperBatch.objects.latest("pk")
    shown = {}
    if batch.state == BatchState.UPLOADED:
        form = ReadingForm(None, shown=uploads.preview(batch))
        shown = {name: form[name].value() for name in form.fields}
    path = f"{DESK}{batch.pk}/{'discard' if button == 'discard' else 'load'}/"
    return desk.post(path, {**shown, **fields, button: "1"}, follow=True).content.decode()


def test_nothing_counts_before_the_rows_were_seen_and_loaded(desk, outbox_drained):
    upload(desk, make_petition(), "Vorname;Nachname;Straße;Land\nZoë;Müller;Weg 1;Österreich\n".encode("cp1252"))
    outbox_drained()
    page = page_of(desk)
    assert "Zoë Müller" in page
    assert '<option value="cp1252" selected>' in page
    assert (PaperBatch.objects.get().state, Signature.objects.count()) == (BatchState.UPLOADED, 0)
    press(desk)
    outbox_drained()
    assert (PaperBatch.objects.get().state, Signature.objects.count()) == (BatchState.LOADED, 1)
    assert Entry.objects.filter(act="paper.loaded").count() == 1


def test_how_a_file_is_read_can_be_changed_and_is_shown_before_it_is_loaded(desk, outbox_drained):
    content = "Who|Adresse;Land\nZoë|Weg 1;CH\n".encode("cp1252")
    upload(desk, make_petition(), content, country="CH")
    assert "No column is the name" in page_of(desk)
    assert "No column is the name" in press(desk, delimiter="|")  # the columns are guessed anew
    assert "Zoë</td>" in press(desk, column_0="name", column_1="address")
    assert "Zoл</td>" in press(desk, encoding="cp1251")  # as it would be read: not loaded by this press
    assert "look at its first rows" in press(desk, encoding="cp1252")
    assert PaperBatch.objects.get().state == BatchState.UPLOADED


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_spreadsheet_is_loaded_as_the_same_table_in_csv(desk, outbox_drained, kind):
    rows = [["氏名", "住所", "国"], ["山田花子", "", "日本"], ["", "", ""], ["髙橋", "東京", "日本"]]
    upload(desk, make_petition(), spreadsheet(kind, rows), language="ja")
    page = press(desk)
    assert "encoding" not in page
    outbox_drained()
    batch = PaperBatch.objects.get()
    assert (batch.good, list(batch.remarks.values_list("number", "reason"))) == (1, [(2, "no-address")])


def test_a_file_is_previewed_for_nobody_but_who_uploaded_it(desk, client):
    upload(desk, make_petition(), make_file("Canary,,Street 1,DE"))
    other = logged_in(make_staff("other"))
    assert "Canary" in page_of(desk)
    assert "Canary" not in page_of(other)
    assert other.post(f"{DESK}{PaperBatch.objects.get().pk}/load/", {"load": "1"}).status_code == 403


def test_a_file_that_nobody_loads_is_wiped_by_hand_or_after_a_day(desk):
    petition = make_petition()
    upload(desk, petition, make_file("Ana,,Street 1,DE"))
    assert "waits to be loaded" in upload(desk, petition, make_file("Ana,,Street 1,DE")).content.decode()
    press(desk, "discard")
    assert (PaperBatch.objects.get().state, UploadPart.objects.exists()) == (BatchState.UNDONE, False)
    upload(desk, petition, make_file("Ana,,Street 1,DE"))
    assert uploads.discard_unseen() == 0
    PaperBatch.objects.update(created_at=Now() - uploads.UNSEEN)
    assert uploads.discard_unseen() == 1
    assert not UploadPart.objects.exists()


def test_a_file_that_is_loaded_is_neither_wiped_nor_read_otherwise(desk):
    batch = make_batch(make_petition(), make_file("Ana,,Street 1,DE"))
    assert not uploads.discard(batch)
    assert not uploads.start(batch, by=make_staff("by"))
    assert desk.post(f"{DESK}{batch.pk}/load/").status_code == 403
