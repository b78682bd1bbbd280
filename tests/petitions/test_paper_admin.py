"""Paper in the admin: a file is uploaded, loaded by a worker, reported on, stopped, taken back."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from campaign.audit.models import Entry
from campaign.protection.inputs.encrypted_uploads import EncryptedFile
from petitions.models import BatchState, PaperBatch, Petition, Signature, UploadPart
from petitions.paper.imports import handlers, loading, sealing
from tests.petitions.factories import make_petition
from tests.petitions.paper import COLLECTED, load, make_batch, make_file, make_staff

ADD = "/admin/petitions/paperbatch/add/"


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
    assert (page["Refresh"], batch.state, Signature.objects.count()) == ("5", BatchState.LOADING, 0)
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
    content = make_file(*(f"P{number},,Street {number},DE" for number in range(100))) + b" \n" * 1_500_000
    assert upload(desk, make_petition(), content).status_code == 302
    assert UploadPart.objects.count() > 10
    assert outbox_drained() == 4
    assert (Signature.objects.count(), PaperBatch.objects.get().state) == (100, BatchState.LOADED)


def test_the_same_file_and_wrong_files_are_form_errors(desk):
    petition = make_petition()
    batch = load(petition, "Ana,,Street 1,DE")
    same = upload(desk, petition, make_file("Ana,,Street 1,DE")).content.decode()
    assert f"loaded already: batch {batch.pk}" in same
    assert "unknown columns: phone" in upload(desk, petition, b"name,phone\n").content.decode()
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
