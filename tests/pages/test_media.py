"""The library: what is refused, what is kept of what is taken, and how it is served."""

import io
import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageStat
from pypdf import PdfReader

from pages import history
from pages.media import documents, folders, pictures, uses
from pages.models import Document, Picture
from tests.pages.factories import make_block, make_page, make_staff
from tests.pages.pictures import pdf, picture, upload, with_place


@pytest.fixture(autouse=True)
def library(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def staff_client(client, db):
    client.force_login(make_staff())
    return client


def huge() -> bytes:
    """A PNG that says it is 20,000 by 20,000 and unfolds from a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = (20_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    lines = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def moving() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, format="WEBP", save_all=True, append_images=frames[1:], lossless=True)
    return buffer.getvalue()


HOSTILE = {
    "a page behind a picture": (picture() + b"<script>alert(1)</script>", "a.jpg", "something besides a picture"),
    "a page in a picture": (picture(comment=b"<html><body>x"), "a.jpg", "something besides a picture"),
    "a program": (picture() + b"<?php system('id') ?>", "a.jpg", "something besides a picture"),
    "an archive": (picture("PNG") + b"PK\x05\x06" + bytes(18), "a.png", "something besides a picture"),
    "20,000 by 20,000": (huge(), "a.png", "50 million pixels"),
    "10,000 by 6,000": (picture("PNG", (10_000, 6_000)), "a.png", "50 million pixels"),
    "a drawing with scripts": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "a.svg", "no picture that"),
    "a drawing under another name": (b"<svg/>", "a.png", "no picture that"),
    "half a picture": (picture(size=(900, 900))[:4_000], "a.jpg", "damaged or not complete"),
    "another kind than it says": (picture("PNG"), "a.jpg", "holds a picture of the kind PNG"),
    "no extension": (picture(), "a", "holds a picture of the kind JPEG"),
    "two extensions": (picture(), "a.jpg.php", "holds a picture of the kind JPEG"),
    "moving": (moving(), "a.webp", "moves"),
    "nothing like a picture": (b"GIF89a" + bytes(100), "a.gif", "no picture that"),
}


@pytest.mark.parametrize(("content", "name", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_pictures_are_refused_with_the_reason(content, name, words):
    with pytest.raises(ValidationError) as refused:
        pictures.master_of(upload(content, name))
    assert words in " ".join(refused.value.messages)


def test_files_that_are_too_large_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 1000)
    with pytest.raises(ValidationError, match="larger than"):
        pictures.master_of(upload(picture(), "a.jpg"))


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_kind_is_made_anew_in_every_size_once(library, encoding):
    extension = min(pictures.EXTENSIONS[encoding])
    master = pictures.master_of(upload(picture(encoding, (1000, 500)), f"a{extension}"))
    pictures.keep(master, (50, 50))
    names = {path.name for path in (library / "pictures" / master.digest).iterdir()}
    sizes = {f"{width}.{kind}" for width in (480, 960, 1000) for kind in ("avif", "webp", "jpg")}
    assert names == sizes | {"master.jpg", "card-50-50.jpg"}
    with Image.open(library / "pictures" / master.digest / "480.avif") as smaller:
        assert (smaller.format, smaller.size) == ("AVIF", (480, 240))


def test_nothing_that_a_camera_wrote_is_kept_and_the_picture_stands_upright(library):
    original = with_place((800, 600))
    assert b"CANARY-CAMERA" in original
    master = pictures.master_of(upload(original, "a.jpg"))
    pictures.keep(master, (50, 50))
    kept = [path.read_bytes() for path in library.rglob("*") if path.is_file()]
    assert master.image.size == (600, 800)
    assert not any(b"CANARY" in content or content == original for content in kept)


def test_a_card_keeps_what_matters():
    image = Image.new("RGB", (1000, 2000), "black")
    image.paste("white", (0, 0, 1000, 200))
    master = pictures.Master(image, pictures.encoded(image, format="JPEG"))
    pictures.keep(master, (50, 0))
    pictures.keep_card(master.digest, (50, 100))
    place = folders.folder(folders.PICTURES, master.digest)
    tops = [
        Image.open(place / name).convert("L").crop((0, 0, 1200, 100)) for name in ("card-50-0.jpg", "card-50-100.jpg")
    ]
    brightness = [ImageStat.Stat(top).mean[0] for top in tops]
    assert brightness[0] > 200
    assert brightness[1] < 50


def test_a_pdf_brings_its_pages_and_nothing_else():
    kept = documents.kept_from(upload(pdf(Author="CANARY-AUTHOR"), "Letter of May (1).PDF"))
    assert kept.name == "letter-of-may-1.pdf"
    assert kept.content.startswith(b"%PDF-")
    assert b"CANARY" not in kept.content
    links: Any = PdfReader(io.BytesIO(kept.content)).pages[0]["/Annots"]
    assert [link["/A"]["/URI"] for link in links] == ["https://example.org/HONEST-LINK"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html>", "a.pdf", "holds no PDF"),
        (b"%PDF-1.7 and then nothing", "a.pdf", "damaged"),
        (pdf()[:300], "a.pdf", "damaged"),
        (b"MZ\x90\x00", "a.exe", "Only PDF"),
        (b"\xff\xfe\x00x", "a.txt", "no plain text"),
    ],
)
def test_other_documents_are_refused_with_the_reason(content, name, words):
    with pytest.raises(ValidationError) as refused:
        documents.kept_from(upload(content, name))
    assert words in " ".join(refused.value.messages)


WORDS = {"title": "Candles", "alt": "Candles at night", "credit": "Photo: A. Name", "focus_x": "50", "focus_y": "20"}


def add_picture(client: Client, content: bytes = b"", name: str = "a.jpg", **words: Any) -> Any:
    data = {**WORDS, "file": upload(content or picture(), name), **words}
    return client.post(reverse("admin:pages_picture_add"), data)


def test_staff_upload_a_picture_and_visitors_get_it(staff_client, client):
    assert add_picture(staff_client).status_code == 302
    picture = Picture.objects.get()
    client.logout()
    response = client.get(picture.src)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert not response.cookies
    assert client.get(picture.card).status_code == 200


def test_a_picture_needs_words(staff_client):
    response = add_picture(staff_client, alt="", credit="")
    assert set(response.context["adminform"].form.errors) == {"alt", "credit"}
    assert not Picture.objects.exists()


def test_staff_read_why_a_file_was_refused(staff_client):
    response = add_picture(staff_client, content=huge(), name="a.png")
    assert "50 million pixels" in response.content.decode()


def test_the_same_picture_is_not_added_twice(staff_client):
    add_picture(staff_client)
    assert "in the library already" in add_picture(staff_client).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["master.jpg", "../x.jpg", "..%2f..%2fsettings.py", ".960.jpg", "960.svg", "960.jpg/"])
def test_no_other_file_is_served(staff_client, file):
    add_picture(staff_client)
    digest = Picture.objects.get().digest
    assert staff_client.get(f"/media/pictures/{digest}/{file}").status_code == 404


def test_documents_are_downloads(staff_client):
    data = {"title": "A letter", "language": "en", "file": upload(pdf(), "letter.pdf")}
    staff_client.post(reverse("admin:pages_document_add"), data)
    document = Document.objects.get()
    response = staff_client.get(document.get_absolute_url())
    assert response["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert (document.kind, document.size) == ("PDF", len(b"".join(response.streaming_content)))


def delete(client: Client, picture: Picture) -> Any:
    return client.post(reverse("admin:pages_picture_delete", args=[picture.pk]), {"post": "yes"})


def test_a_picture_that_is_shown_is_not_deleted(staff_client, library):
    add_picture(staff_client)
    picture, page = Picture.objects.get(), make_page("who")
    make_block(page, kind="picture", picture=picture)
    assert uses.uses_of(picture) == [page]
    assert "Who" in staff_client.get(reverse("admin:pages_picture_change", args=[picture.pk])).content.decode()
    delete(staff_client, picture)
    assert Picture.objects.exists()
    assert staff_client.get(picture.src).status_code == 200


def test_a_picture_of_a_draft_is_not_deleted(staff_client):
    add_picture(staff_client)
    picture, page = Picture.objects.get(), make_page("who")
    data = history.snapshot(page)
    block = {"id": 1, "kind": "picture", "picture_id": picture.pk}
    history.record_draft(page, {**data, "parts": {"blocks": [block]}}, by=None)
    delete(staff_client, picture)
    assert Picture.objects.exists()


def test_a_picture_that_is_shown_nowhere_is_deleted_with_its_files(
    staff_client, library, django_capture_on_commit_callbacks
):
    add_picture(staff_client)
    with django_capture_on_commit_callbacks(execute=True):
        delete(staff_client, Picture.objects.get())
    assert not Picture.objects.exists()
    assert not [path for path in library.rglob("*") if path.is_file()]
