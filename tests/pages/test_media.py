"""The library: what is refused, what is kept of what is taken, and how it is served."""

import io
import random
import re
import zlib
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageCms, ImageStat
from pypdf import PdfReader

from campaign.revisions import history
from campaign.revisions.models import Version
from pages.media import uses
from pages.models import Document, Picture
from pages.uploads import documents, folders, pictures
from tests.pages.factories import make_block, make_page, make_staff
from tests.pages.pictures import pdf, picture, place, upload, with_place

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


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


def moving(kind: str = "WEBP") -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, format=kind, save_all=True, append_images=frames[1:])
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
    "an AVIF whose colours are gone": (picture("AVIF")[:-300] + bytes(300), "a.avif", "damaged or not complete"),
    "what a camera wrote is broken": (picture("WEBP", exif=b"Exif\0\0Mw*\0\x08\0\0\0"), "a.webp", "damaged"),
    "moving, of another kind": (moving("AVIF"), "a.avif", "moves"),
    "moving, of a third kind": (moving("PNG"), "a.png", "moves"),
    "what phones write by itself": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "a.heic", "Export it as JPEG"),
    "the same under another name": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "a.jpg", "Export it as JPEG"),
    "nothing like a picture": (b"GIF89a" + bytes(100), "a.gif", "no picture that"),
}


def of_a_phone() -> bytes:
    """A JPEG with a second picture behind it, which Pillow calls MPO."""
    second = Image.new("RGB", (400, 300), "blue")
    return picture("MPO", save_all=True, append_images=[second])


def in_mode(mode: str, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((300, 200)).convert(mode).save(buffer, format=kind, **options)
    return buffer.getvalue()


def with_broken_index() -> bytes:
    """The same, but what tells where the second picture is says nonsense."""
    whole = of_a_phone()
    at = whole.index(b"MPF\0") + 4
    return whole[: at + 8] + b"\xff" * 40 + whole[at + 48 :]


HONEST = {
    "of a phone": (of_a_phone(), "a.jpg"),
    "of a phone, with a broken index": (with_broken_index(), "a.jpg"),
    "for print": (in_mode("CMYK", "JPEG"), "a.jpg"),
    "grey": (in_mode("L", "JPEG"), "a.jpg"),
    "black and white": (in_mode("1", "PNG"), "a.png"),
    "of few colours, one of them clear": (in_mode("P", "PNG", transparency=0), "a.png"),
    "grey and clear": (in_mode("LA", "PNG"), "a.png"),
    "of 16 bits": (in_mode("I;16", "PNG"), "a.png"),
    "with a profile that is none": (picture(icc_profile=b"no profile"), "a.jpg"),
    "with a profile of other colours": (in_mode("CMYK", "JPEG", icc_profile=b"no profile"), "a.jpg"),
    "of one pixel": (picture("PNG", (1, 1)), "a.png"),
    "very thin": (picture("PNG", (1, 30_000)), "a.png"),
}


@pytest.mark.parametrize(("content", "name"), HONEST.values(), ids=HONEST)
def test_every_kind_of_pixels_is_made_anew_and_stored(staff_client, library, content, name):
    answer = add_picture(staff_client, content, name)
    assert answer.status_code == 302, answer.context["errors"]
    with Image.open(library / "pictures" / Picture.objects.get().digest / "master.jpg") as master:
        assert (master.format, master.mode, getattr(master, "n_frames", 1)) == ("JPEG", "RGB", 1)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize(
    ("kind", "number"), [("JPEG", 1000), ("MPO", 250), ("PNG", 1000), ("WEBP", 1000), ("AVIF", 1000)]
)
def test_whatever_is_damaged_is_refused_or_made_anew(kind, number):
    """Many files of each kind, fewer of the large one, with some bytes changed, cut out or cut off; always the same."""
    chance = random.Random(kind)
    whole = of_a_phone() if kind == "MPO" else picture(kind, (60, 40), exif=place(), icc_profile=SRGB)
    name = f"a{min(pictures.IMAGE_EXTENSIONS['JPEG' if kind == 'MPO' else kind])}"
    outcomes = Counter(outcome_of(damaged(whole, chance), name) for _ in range(number))
    assert set(outcomes) <= {"stored", "refused"}


def outcome_of(content: bytes, name: str) -> str:
    try:
        pictures.remake_picture(content, name)
    except ValidationError:
        return "refused"
    return "stored"


def damaged(whole: bytes, chance: random.Random) -> bytes:
    content = bytearray(whole)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(min(len(content), chance.choice([60, 400, len(content)])))
        how = chance.random()
        if how < 0.6:
            content[at] = chance.choice([0, 255, chance.randrange(256)])
        elif how < 0.8 and at > 1:
            del content[at:]
        elif len(content) > 20:
            del content[at : at + chance.randrange(1, 8)]
    return bytes(content)


@pytest.mark.parametrize(("content", "name", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_pictures_are_refused_with_the_reason(content, name, words):
    with pytest.raises(ValidationError) as refused:
        pictures.renditions_from(upload(content, name))
    assert words in " ".join(refused.value.messages)


def test_files_that_are_too_large_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 1000)
    with pytest.raises(ValidationError, match="larger than"):
        pictures.renditions_from(upload(picture(), "a.jpg"))


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_kind_is_made_anew_in_every_size_once(library, encoding):
    extension = min(pictures.IMAGE_EXTENSIONS[encoding])
    made = pictures.renditions_from(upload(picture(encoding, (1000, 500)), f"a{extension}"))
    made.keep((50, 50))
    names = {path.name for path in (library / "pictures" / made.digest).iterdir()}
    sizes = {f"{width}.{kind}" for width in (480, 960, 1000) for kind in ("avif", "webp", "jpg")}
    assert names == sizes | {"master.jpg", "card-50-50.jpg"}
    with Image.open(library / "pictures" / made.digest / "480.avif") as smaller:
        assert (smaller.format, smaller.size) == ("AVIF", (480, 240))


def test_nothing_that_a_camera_wrote_is_kept_and_the_picture_stands_upright(library):
    original = with_place((800, 600))
    assert b"CANARY-CAMERA" in original
    made = pictures.renditions_from(upload(original, "a.jpg"))
    made.keep((50, 50))
    kept = [path.read_bytes() for path in library.rglob("*") if path.is_file()]
    assert (made.width, made.height) == (600, 800)
    assert not any(b"CANARY" in content or content == original for content in kept)


def test_a_card_keeps_what_matters(library):
    image = Image.new("RGB", (1000, 2000), "black")
    image.paste("white", (0, 0, 1000, 200))
    made = pictures.renditions_of(image)
    made.keep((50, 0))
    pictures.keep_card(made.digest, (50, 100))
    place = library / folders.PICTURES / made.digest
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
    assert re.findall(rb"CANARY[A-Z-]*", kept.content) == []
    page: Any = PdfReader(io.BytesIO(kept.content)).pages[0]
    assert [link["/A"]["/URI"] for link in page["/Annots"]] == ["https://example.org/HONEST-LINK"]
    assert {one.name.rpartition("/")[2].partition(".")[0] for one in page.images} == {"Photo", "Packed", "Scan"}
    original = Image.open(io.BytesIO(with_place()))
    for photo in ("/Photo", "/Packed"):
        shown = page.images[photo].image
        assert (shown.size, shown.tobytes()) == (original.size, original.tobytes())
    assert "/AF" in page["/Resources"]["/XObject"]


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


def change_picture(client: Client, picture: Picture, content: bytes | None, **more: str) -> Any:
    words = {"title": picture.title, "alt": picture.alt, "credit": picture.credit, "focus_x": "50", "focus_y": "50"}
    file = {"file": upload(content, "another.jpg")} if content else {}
    return client.post(reverse("admin:pages_picture_change", args=[picture.pk]), {**words, **file, **more})


@pytest.fixture
def other() -> bytes:
    return picture(size=(1000, 500))


def test_another_file_is_shown_wherever_the_first_one_was(staff_client, client, other):
    add_picture(staff_client)
    first, page = Picture.objects.get(), make_page("who")
    make_block(page, kind="picture", picture=first)
    assert change_picture(staff_client, first, other).status_code == 302
    second = Picture.objects.get()
    assert (second.pk, second.width, second.height) == (first.pk, 1000, 500)
    shown = client.get("/who/").content.decode()
    assert second.src in shown
    assert first.src not in shown
    assert {client.get(src).status_code for src in (second.src, second.card, first.src)} == {200}


def test_words_are_changed_without_another_file(staff_client):
    add_picture(staff_client)
    first = Picture.objects.get()
    assert change_picture(staff_client, first, None, alt="Somebody else").status_code == 302
    assert (Picture.objects.get().digest, Picture.objects.get().alt) == (first.digest, "Somebody else")


def test_the_file_that_was_there_before_is_brought_back(staff_client, client, other):
    add_picture(staff_client)
    first = Picture.objects.get()
    change_picture(staff_client, first, other)
    staff_client.post(reverse("admin:pages_picture_version_publish", args=[first.pk, 1]))
    picture = Picture.objects.get()
    assert (picture.digest, picture.width, picture.height) == (first.digest, 800, 600)
    assert client.get(picture.card).status_code == 200


def test_a_file_of_an_older_release_is_kept_in_a_version_before_another_takes_its_place(staff_client, other):
    """Versions did not have the file then."""
    add_picture(staff_client)
    first = Picture.objects.get()
    for version in Version.objects.of(first):
        data = {name: value for name, value in version.data.items() if name not in Picture.versioned_fields}
        Version.objects.filter(pk=version.pk).update(data=data)
    change_picture(staff_client, first, other)
    assert Version.objects.of(first).filter(data__digest=first.digest).exists()


def test_a_file_that_another_entry_had_before_is_not_added_twice(staff_client, other):
    add_picture(staff_client, other)
    change_picture(staff_client, Picture.objects.get(), picture())
    assert "in the library already" in add_picture(staff_client, other).content.decode()


def test_files_of_all_versions_are_deleted_with_the_entry(
    staff_client, library, other, django_capture_on_commit_callbacks
):
    add_picture(staff_client)
    change_picture(staff_client, Picture.objects.get(), other)
    with django_capture_on_commit_callbacks(execute=True):
        delete(staff_client, Picture.objects.get())
    assert not [path for path in library.rglob("*") if path.is_file()]


def test_a_document_gets_another_file(staff_client):
    data = {"title": "A letter", "language": "en"}
    staff_client.post(reverse("admin:pages_document_add"), {**data, "file": upload(pdf(), "letter.pdf")})
    first = Document.objects.get()
    url = reverse("admin:pages_document_change", args=[first.pk])
    assert staff_client.post(url, {**data, "file": upload(b"The same in words.", "letter.txt")}).status_code == 302
    second = Document.objects.get()
    assert (second.pk, second.name, second.kind) == (first.pk, "letter.txt", "TXT")
    assert staff_client.get(first.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("language", ["de", "zh-hans"])
def test_staff_find_pictures_that_a_language_has_no_words_for(staff_client, language):
    add_picture(staff_client)
    listed = f"{reverse('admin:pages_picture_changelist')}?lacks={language}"
    assert staff_client.get(listed).context["cl"].result_count == 1
    Picture.objects.update(translations={language: {"alt": ""}})
    assert staff_client.get(listed).context["cl"].result_count == 1
    Picture.objects.update(translations={language: {"alt": "..."}})
    assert staff_client.get(listed).context["cl"].result_count == 0


@pytest.mark.django_db
def test_a_name_that_no_disk_can_hold_is_not_found(client):
    assert client.get(f"/media/documents/{'0' * 32}/{'a' * 300}.pdf").status_code == 404
