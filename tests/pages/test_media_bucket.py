"""Pictures and documents in a bucket that several machines share (campaign/media_storage/)."""

import io
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.doctor import folders as doctor
from campaign import media_storage
from campaign.backups import workflow
from campaign.backups.encrypted_file import EncryptedReader, EncryptedWriter, Unreadable
from campaign.secrecy.keypairs import new_keypair
from pages.models import Film, Picture
from tests.live.s3_server import S3Server, s3_server
from tests.pages.factories import make_staff
from tests.pages.films import film
from tests.pages.pictures import picture, upload
from tests.pages.test_media import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings) -> Iterator[S3Server]:
    with s3_server() as server:
        settings.MEDIA_BUCKET = server.url
        settings.STORAGES = {**settings.STORAGES, "default": media_storage.setting(server.url)}
        yield server


@pytest.fixture
def staff_client(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def add(staff_client: Client) -> Picture:
    staff_client.post(reverse("admin:pages_picture_add"), {"file": upload(picture(), "a.jpg"), **WORDS})
    return Picture.objects.get()


def test_a_picture_is_kept_shown_and_removed_in_the_bucket(bucket, staff_client, django_capture_on_commit_callbacks):
    added = add(staff_client)
    assert {name.rpartition("/")[0] for name in bucket.objects} == {f"pictures/{added.digest}"}
    assert sorted(media_storage.names()) == sorted(bucket.objects)
    name = next(name for name in bucket.objects if name.endswith(".webp"))
    answer = Client().get(f"/media/{name}")
    assert answer.getvalue() == bucket.objects[name]
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert Client().get(f"/media/pictures/{'0' * 32}/960.webp").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        staff_client.post(reverse("admin:pages_picture_delete", args=[added.pk]), {"post": "yes"})
    assert bucket.objects == {}


def test_parts_of_a_film_come_from_the_bucket(bucket, staff_client):
    file = upload(film("webm"), "a.webm")
    fields = {"title": "The round table", "language": "en", "file": file}
    assert staff_client.post(reverse("admin:pages_film_add"), fields).status_code == 302
    (content,) = bucket.objects.values()
    where = Film.objects.get().get_absolute_url()
    part = Client().get(where, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.getvalue()) == (206, content[1000:2000])
    assert Client().get(where).getvalue() == content
    assert Client().get(where.replace("/films/", "/films/00")[:-2]).status_code == 404
    bucket.broken = {"HEAD", "GET"}
    assert Client().get(where).status_code == 503


@pytest.mark.parametrize("broken", [{"HEAD", "GET", "PUT"}, {"GET", "PUT"}])
def test_while_the_bucket_is_away_pictures_are_503_and_staff_are_told_why(bucket, staff_client, broken):
    add(staff_client)
    name = next(name for name in bucket.objects if name.endswith(".webp"))
    bucket.broken = broken
    answer = Client().get(f"/media/{name}")
    assert answer.status_code == 503
    assert "no-store" in answer.headers["Cache-Control"]
    form = {"file": upload(picture(size=(700, 500)), "b.jpg"), **WORDS}
    said = staff_client.post(reverse("admin:pages_picture_add"), form)
    assert said.status_code == 503
    assert "the storage of uploaded files cannot be used" in said.content.decode()
    assert Picture.objects.count() == 1
    assert "MEDIA_BUCKET" in doctor.bucket().remedy


def test_a_backup_takes_what_is_in_the_bucket_and_brings_it_back(bucket):
    bucket.objects = before = {"pictures/a/960.webp": b"picture", "documents/b/letter.pdf": b"%PDF-"}
    pair, target = new_keypair(), io.BytesIO()
    with EncryptedWriter(target, pair.public) as writer:
        assert workflow.write_media(writer) == 2
    bucket.objects = {}
    with pytest.raises(Unreadable, match="2 files instead of 3"):
        workflow.read_media(EncryptedReader(io.BytesIO(target.getvalue()), pair.private), 3)
    assert bucket.objects == {}
    workflow.read_media(EncryptedReader(io.BytesIO(target.getvalue()), pair.private), 2)
    assert bucket.objects == before
