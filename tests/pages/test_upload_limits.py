"""Files that burn: what they cost is limited, and whoever uploads one reads what was too much of it."""

import html
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from pages.models import Document, Picture
from pages.uploads import documents, isolation, pictures
from tests.pages import burning
from tests.pages.factories import make_staff
from tests.pages.pictures import pdf, picture, upload

SECONDS = 60  # on a machine that does much else
MEGABYTES = 150  # that the web process may need meanwhile: copies of a file, and Django
GREEDY = "tests.pages.greedy"
PICTURE = {"title": "Candles", "alt": "Candles at night", "credit": "Photo: A. Name", "focus_x": "50", "focus_y": "20"}
DOCUMENT = {"title": "A report", "language": "en"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def desk(client, db) -> Client:
    client.force_login(make_staff())
    return client


@contextmanager
def cheap() -> Iterator[None]:
    """Fail if what happens takes longer than SECONDS, or MEGABYTES more of this process than it has."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is measured from here on
    before, began = megabytes("VmRSS"), time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS
    assert megabytes("VmHWM") - before < MEGABYTES


def megabytes(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def add(desk: Client, kind: str, name: str, content: bytes, fields: dict[str, str]) -> Any:
    file = upload(content, name)
    with cheap():
        return desk.post(reverse(f"admin:pages_{kind}_add"), {**fields, "file": file})


BURNING: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a PNG of 400 million pixels": ("a.png", lambda: burning.png(20_000, 20_000), "50 million pixels"),
    "a PNG whose profile unfolds to a gigabyte": (
        "a.png",
        burning.png_with_huge_profile,
        "no picture that can be used",
    ),
    "a PNG whose words unfold to gigabytes": ("a.png", burning.png_with_huge_words, "no picture that can be used"),
    "a JPEG of three thousand scans": (
        "a.jpg",
        burning.jpeg_with_many_scans,
        "this file",
    ),  # takes long, or the clock did
    "a PNG of two thousand frames": ("a.png", lambda: burning.moving("PNG", 2000), "moves"),
    "a WebP of a thousand frames": ("a.webp", lambda: burning.moving("WEBP", 1000), "moves"),
    "a GIF of two thousand frames": ("a.gif", lambda: burning.moving("GIF", 2000), "no picture that can be used"),
    "half a large PNG": ("a.png", lambda: burning.png(7000, 7000)[:-20_000], "damaged or not complete"),
}
# Costly, and honest: they are taken.
LARGE = {
    "a PNG of 49 million pixels": ("a.png", lambda: burning.png(7000, 7000)),
    "one of them clear": ("a.png", lambda: burning.png(7000, 7000, colours=burning.CLEAR)),
    "a JPEG of 49 million pixels": ("a.jpg", lambda: picture("JPEG", (7000, 7000), progressive=True)),
    "a WebP of 49 million pixels": ("a.webp", lambda: picture("WEBP", (7000, 7000), method=0)),
    "an AVIF of 49 million pixels": ("a.avif", lambda: picture("AVIF", (7000, 7000), speed=10)),
    "a JPEG with a profile of nine megabytes": ("a.jpg", burning.jpeg_with_large_profile),
    "a WebP with sixty thousand entries of a camera": ("a.webp", burning.webp_with_much_exif),
}


@pytest.mark.parametrize(("name", "content", "words"), BURNING.values(), ids=BURNING)
def test_a_burning_picture_is_refused_with_the_reason_and_the_rest_is_kept(desk, name, content, words):
    page = add(desk, "picture", name, content(), PICTURE)
    assert page.status_code == 200
    assert words in html.unescape(page.content.decode())
    assert 'value="Candles at night"' in page.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.parametrize(("name", "content"), LARGE.values(), ids=LARGE)
def test_a_large_picture_is_taken_in_little_time_and_memory(desk, name, content):
    answer = add(desk, "picture", name, content(), PICTURE)
    assert answer.status_code == 302, answer.context["errors"]
    assert (Picture.objects.get().width, Picture.objects.get().height) in {(2400, 2400), (800, 600)}


DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a page twenty thousand times": (lambda: burning.pdf_of_one_page_again_and_again(20_000), "2,000 pages"),
    "a thousand million pages": (burning.pdf_of_branching_pages, "holds too much"),
    "trees of pages a thousand deep": (lambda: burning.pdf_with_deep_pages(1000), "holds too much"),
    "objects that unfold to a gigabyte": (burning.pdf_with_packed_objects, "holds too much"),
    "only its beginning": (lambda: pdf()[:300], "damaged"),
}
# Odd, and harmless once it is rewritten.
LONG = {
    "as many pages as are allowed": lambda: burning.pdf_of_one_page_again_and_again(documents.MOST_PAGES),
    "a page with a hundred thousand levels": lambda: burning.pdf_with_deep_page(100_000),
    "a chain of thirty thousand objects": lambda: burning.pdf_of_deep_references(30_000),
}


@pytest.mark.parametrize(("content", "words"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_burning_document_is_refused_with_the_reason_and_the_rest_is_kept(desk, content, words):
    page = add(desk, "document", "report.pdf", content(), DOCUMENT)
    assert page.status_code == 200
    assert words in html.unescape(page.content.decode())
    assert 'value="A report"' in page.content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize("content", LONG.values(), ids=LONG)
def test_a_long_document_is_taken_in_little_time_and_memory(desk, content):
    assert add(desk, "document", "report.pdf", content(), DOCUMENT).status_code == 302


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("spin", "more than 6 seconds of a processor"),
        ("hoard", "more than 1 GB of memory"),
        ("swell", "more than 64 MB"),
        ("crash", "failed on this one"),
        ("fail", "failed on this one"),
    ],
)
def test_what_takes_too_much_is_ended_with_the_reason_and_advice(monkeypatch, kind, words):
    monkeypatch.setattr(isolation, "DEADLINE", 100)  # so that it is not the clock that ends it
    with pytest.raises(ValidationError) as refused:
        isolation.run(GREEDY, b"x" * 1000, advice="Save it smaller.", kind=kind)
    assert refused.value.message.endswith("Save it smaller.")
    assert words in refused.value.message


def test_what_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(isolation, "DEADLINE", 1)
    with pytest.raises(ValidationError, match=r"seconds\. The server may have much to do.*Save it smaller"):
        isolation.run(GREEDY, b"x", advice="Save it smaller.", kind="hang")


def test_whoever_comes_while_another_file_is_read_waits_a_moment_and_is_told(monkeypatch):
    monkeypatch.setattr(isolation, "PATIENCE", 0.1)
    with isolation.in_turn(), pytest.raises(ValidationError, match="too much to do"):
        isolation.run(GREEDY, b"x", advice="", kind="modest")


def test_the_process_knows_no_settings_and_has_no_connection_of_ours(monkeypatch, db):
    monkeypatch.setenv("SECRET_KEY", "CANARY")
    facts, files = isolation.run(GREEDY, b"abc", advice="", kind="modest")
    assert files == {"copy": b"abc"}
    assert set(facts["environment"]) <= {*isolation.ENVIRONMENT, "LC_CTYPE"}  # which Python sets by itself
    assert facts["files"] <= 4  # input, output, errors, and the list of them


def test_files_are_read_one_after_another(monkeypatch):
    made: list[Any] = []
    readers = [
        Thread(target=lambda: made.append(pictures.renditions_from(upload(picture(), "a.jpg")))) for _ in range(3)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len({one.digest for one in made}) == 1
    assert len(made) == 3
