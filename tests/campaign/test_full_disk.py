"""What is written to this machine's disk where there is no room: a message that says so, and nothing half done."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from pages.models import Picture
from petitions.models import PaperBatch
from tests.live.full_disk import full_disk
from tests.pages.factories import make_staff
from tests.pages.pictures import picture
from tests.petitions.factories import make_confirmed, make_petition
from tests.petitions.paper import COLLECTED

pytestmark = pytest.mark.django_db

WORDS = b"this server&#x27;s disk is full"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with full_disk(tmp_path / "disk") as place:
        yield place


@pytest.fixture
def desk() -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_staff())
    return client


def post(desk: Client, path: str, **fields: object) -> tuple[int, bytes]:
    desk.get(path)
    answer = desk.post(path, {**fields, "csrfmiddlewaretoken": desk.cookies["csrftoken"].value})
    return answer.status_code, answer.content


def files_in(disk: Path) -> set[str]:
    return {path.name for path in disk.rglob("*") if path.is_file()}


def test_a_picture_that_does_not_fit_is_not_in_the_library(desk: Client, disk: Path, settings) -> None:
    settings.MEDIA_ROOT = disk
    fields = {"title": "Rally", "alt": "People", "credit": "A. Name", "focus_x": 50, "focus_y": 50}
    file = SimpleUploadedFile("rally.jpg", picture(size=(900, 900)))
    status, page = post(desk, "/admin/pages/picture/add/", **fields, file=file)
    assert status == 503, page[-3000:]
    assert WORDS in page
    assert not Picture.objects.exists()
    assert files_in(disk) == {"filler"}


def test_a_large_upload_that_finds_no_room_opens_no_batch(desk: Client, disk: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    file = SimpleUploadedFile("rows.csv", b"name,email,address,country\n" + b"Ana,,Street 1,DE\n" * 200_000)
    fields = {**COLLECTED, "petition": make_petition().pk}
    status, page = post(desk, "/admin/petitions/paperbatch/add/", **fields, file=file)
    assert status == 503
    assert WORDS in page
    assert not PaperBatch.objects.exists()


def test_the_file_for_the_coalition_is_whole_or_not_there(disk: Path) -> None:
    petition = make_petition()
    make_confirmed(petition, "ana@example.org")
    with pytest.raises(CommandError, match="this server's disk is full"):
        call_command("export_signatures", petition.slug, output=disk / "out.signatures")
    assert files_in(disk) == {"filler"}
