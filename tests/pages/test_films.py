"""Films that staff upload: what is taken, what of it is kept, and how it reaches whoever watches."""

import html
import io
import random
import re
from collections.abc import Callable
from typing import Any

import av
import pytest
from av.container import InputContainer
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from pages.content import checks
from pages.models import Film, Page
from pages.uploads import captions, films, folders, isolation
from tests.pages.factories import make_block, make_film, make_page, make_staff
from tests.pages.films import film, lying
from tests.pages.pictures import upload

WORDS = {"title": "The round table", "language": "en", "captions": ""}
SRT = "1\r\n00:00:00,500 --> 00:00:02,000\r\nGood evening.\r\n"


@pytest.fixture(autouse=True)
def library(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    client.force_login(make_staff())
    return client


def add(desk: Client, content: bytes, name: str = "a.mp4", **words: str) -> Any:
    return desk.post(reverse("admin:pages_film_add"), {**WORDS, **words, "file": upload(content, name)})


def stored(added: Film) -> bytes:
    with default_storage.open(folders.name_of(folders.FILMS, added.digest, added.name)) as file:
        return file.read()


def opened(content: bytes) -> InputContainer:
    return av.open(io.BytesIO(content), "r")


def pictures_in(content: bytes) -> list[bytes]:
    with opened(content) as shown:
        return [bytes(frame.planes[0]) for frame in shown.decode(video=0)]


@pytest.mark.parametrize(("name", "kind"), [("IMG_2020.mp4", "mp4"), ("a.MOV", "mov"), ("a.webm", "webm")])
def test_a_film_is_copied_without_what_a_phone_wrote_into_it(desk, name, kind):
    uploaded = film(kind)
    assert b"CANARY" in uploaded
    assert add(desk, uploaded, name).status_code == 302
    added = Film.objects.get()
    kept = stored(added)
    assert (added.size, added.width, added.height, added.length) == (len(kept), 320, 180, "0:03")
    assert added.name == ("film.webm" if kind == "webm" else "film.mp4")
    assert not re.search(rb"CANARY|48\.85|2020|x264", kept)
    with opened(kept) as shown:
        told = {**shown.metadata, **shown.streams[0].metadata, **shown.streams[1].metadata}
        assert not {"title", "location", "creation_time"} & {key.lower() for key in told}
        assert [stream.type for stream in shown.streams] == ["video", "audio"]
    assert pictures_in(kept) == pictures_in(uploaded)


def test_a_film_begins_to_play_before_all_of_it_has_come(desk):
    add(desk, film())
    kept = stored(Film.objects.get())
    assert kept.index(b"moov") < kept.index(b"mdat")


def test_a_film_that_lies_is_shown_upright(desk):
    add(desk, lying())
    assert (Film.objects.get().width, Film.objects.get().height) == (180, 320)


def test_a_film_without_sound_and_one_with_more_than_a_film_are_taken(desk):
    uploaded = io.BytesIO()
    with opened(film()) as read, av.open(uploaded, "w", format="mp4") as made:
        copies = [made.add_stream_from_template(read.streams.video[0]) for _ in range(2)]
        for packet in read.demux(read.streams.video[0]):
            if packet.size:
                packet.stream = copies[0]
                made.mux(packet)
    assert add(desk, uploaded.getvalue()).status_code == 302
    with opened(stored(Film.objects.get())) as shown:
        assert len(shown.streams) == 1


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "no film": ("a.mp4", lambda: b"Good evening.", "damaged or not complete"),
    "nothing": ("a.webm", lambda: b"\x1a\x45\xdf\xa3", "damaged or not complete"),
    "half a film": ("a.mov", lambda: film("mov")[:5000], "damaged or not complete"),
    "a list that names a file": ("a.mp4", lambda: b"#EXTM3U\n#EXTINF:9,\nfile:///etc/hostname\n", "damaged"),
    "a list of files": ("a.mp4", lambda: b"ffconcat version 1.0\nfile '/etc/hostname'\n", "damaged"),
    "sound alone": ("a.mp4", lambda: film(has_picture=False), "no film in this file"),
    "a format of few browsers": ("a.mp4", lambda: film(codecs=("mpeg4", "aac")), "(mpeg4, aac)"),
    "colours of few browsers": ("a.mp4", lambda: film(colours="yuv444p"), "(yuv444p)"),
    "too many pixels": ("a.mp4", lambda: film(size=(2560, 1440), seconds=1), "2560 by 1440"),
    "another name": ("a.avi", film, "Only MP4"),
}


@pytest.mark.parametrize(("name", "content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_refused_with_the_reason_and_the_words_are_kept(desk, name, content, words):
    page = add(desk, content(), name, captions=SRT)
    assert page.status_code == 200
    assert words in page.content.decode().replace("&#x27;", "'")
    assert "Good evening." in page.content.decode()
    assert not Film.objects.exists()


# The program that reads it never fails without knowing why.
REASONS = ("The file is damaged", "There is no film", "Many browsers", "The film is ")


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_whatever_is_damaged_is_refused_or_made_anew(kind, number):
    chance = random.Random(number)
    content = bytearray(film(kind, seconds=1))
    for _ in range(chance.randrange(1, 40)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    outcome = outcome_of(bytes(content), f"a.{kind}")
    assert outcome == "taken" or outcome.startswith(REASONS)


def outcome_of(content: bytes, name: str) -> str:
    try:
        kept = films.kept_from(upload(content, name))
    except ValidationError as refused:
        return refused.messages[0]
    assert kept.size
    return "taken"


def test_a_film_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(films, "MOST_BYTES", 10)
    with pytest.raises(ValidationError, match="larger than 300 MB"):
        films.kept_from(upload(b"x" * 11, "a.mp4"))


def test_nothing_of_an_upload_is_left_on_the_disk(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    add(desk, film())
    add(desk, b"none")
    assert [path.name for path in tmp_path.iterdir()] == ["media"]
    assert [path.name for path in (tmp_path / "media").rglob("*.*")] == ["film.mp4"]


def test_the_reason_is_in_the_readers_language():
    with override("de"), pytest.raises(ValidationError) as refused:
        films.kept_from(upload(film(codecs=("mpeg4", "aac")), "a.mp4"))
    (said,) = refused.value.messages
    assert said.startswith("Viele Browser können einen Film dieser Art (mpeg4, aac) nicht zeigen. Exportieren Sie ihn")


def test_a_film_may_take_more_than_other_uploads(desk):
    large = film(size=(1280, 720), seconds=1, is_noise=True)
    assert len(large) * 0.9 > isolation.MOST_RESULT
    assert add(desk, large).status_code == 302


# How it reaches whoever watches


def watched(added: Film, **headers: str) -> Any:
    return Client().get(added.get_absolute_url(), headers=headers)


@pytest.fixture
def added(desk: Client) -> Film:
    add(desk, film("webm", seconds=1), "a.webm")
    return Film.objects.get()


def test_players_get_the_part_that_they_ask_for(added):
    whole = stored(added)
    answer = watched(added)
    assert (answer.status_code, answer.getvalue(), answer["Accept-Ranges"]) == (200, whole, "bytes")
    assert (answer["Content-Type"], answer["Content-Length"]) == ("video/webm", str(len(whole)))
    assert "immutable" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    for asked, start, stop in [("0-", 0, len(whole)), ("100-199", 100, 200), ("-50", len(whole) - 50, len(whole))]:
        part = watched(added, range=f"bytes={asked}")
        assert (part.status_code, part.getvalue()) == (206, whole[start:stop])
        assert part["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
        assert part["Content-Length"] == str(stop - start)


def test_a_player_that_names_no_end_gets_a_piece_and_a_download_the_rest(added, monkeypatch):
    monkeypatch.setattr("pages.media.views.PLAYED_AT_ONCE", 1000)
    monkeypatch.setattr("campaign.media_storage.PIECE", 300)
    played = watched(added, **{"range": "bytes=10-", "sec-fetch-dest": "video"})
    assert played.getvalue() == stored(added)[10:1010]
    assert played["Content-Range"].startswith("bytes 10-1009/")
    assert watched(added, range="bytes=10-").getvalue() == stored(added)[10:]


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=-0", "bytes=999999999999999-999999999999999"])
def test_a_part_behind_the_end_is_refused(added, asked):
    answer = watched(added, range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{added.size}")


UNKNOWN = ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=x-", "bytes=٣-", "9" * 999]


@pytest.mark.parametrize("asked", UNKNOWN)
def test_what_cannot_be_understood_asks_for_all_of_it(added, asked):
    answer = watched(added, range=asked.encode().decode("latin-1"))
    assert (answer.status_code, len(answer.getvalue())) == (200, added.size)


def test_a_part_of_another_film_is_all_of_this_one(added):
    assert watched(added, **{"range": "bytes=5-9", "if-range": '"other"'}).status_code == 200
    assert watched(added, **{"range": "bytes=5-9", "if-range": f'"{added.digest}"'}).status_code == 206


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["film.mp4", "uploaded.mp4", "film.webm/..", "captions-en.vtt", "captions-xx.vtt"])
def test_nothing_else_is_found(client, file):
    assert client.get(f"/media/films/{'0' * 32}/{file}").status_code == 404


# Captions


def test_captions_are_taken_as_programs_write_them(desk, client):
    assert add(desk, film("webm", seconds=1), "a.webm", captions=SRT).status_code == 302
    added = Film.objects.get()
    assert added.captions == "WEBVTT\n\n1\n00:00:00.500 --> 00:00:02.000\nGood evening.\n"
    answer = client.get(added.address("en"))
    assert (answer["Content-Type"], answer.content.decode()) == ("text/vtt; charset=utf-8", added.captions)
    assert client.get(added.address("de")).status_code == 404


def test_captions_without_times_are_refused_and_kept(desk):
    page = add(desk, film("webm", seconds=1), "a.webm", captions="Good evening.")
    assert "These are no captions" in page.content.decode()
    assert "Good evening." in page.content.decode()


def test_captions_in_a_readers_language_are_on_where_another_is_spoken(client, db):
    added = make_film(language="en", captions=captions.as_webvtt(SRT))
    added.translations = {"de": {"captions": SRT.replace("evening", "Abend")}, "fr": {"captions": "Bonsoir."}}
    added.save()
    make_block(make_page(), kind="video", film=added)
    english, german = (client.get(path).content.decode() for path in ("/about/", "/de/about/"))
    assert re.findall(r'srclang="([a-z]+)"', german) == ["en", "de"]  # what is French are no captions
    assert re.findall(r'srclang="(\w+)"[^>]*\bdefault>', german) == ["de"]
    assert " default>" not in english
    assert "Good Abend." in client.get(added.address("de")).content.decode()
    client.force_login(make_staff())
    told = client.get(reverse("admin:pages_film_change", args=[added.pk])).content.decode()
    told = re.sub("<[^>]+>| {2,}", "", told[told.index("field-captions_in") :])
    assert "English, Deutsch. Not shown, as these are no captions: Français" in told


def translate(desk: Client, added: Film, language: str, words: str) -> Any:
    key = f"film-{added.pk}-captions"
    where = reverse("admin:pages_film_translate", args=[added.pk, language])
    form = desk.get(where)
    assert f'<textarea name="{key}"' in form.content.decode()
    seen = re.search(r'name="_seen" value="([^"]*)"', form.content.decode())
    return desk.post(where, {"_seen": html.unescape(seen[1]) if seen else "", key: words, "is_shown": "on"})


def test_captions_of_another_language_are_written_beside_the_original_or_without_one(desk):
    added = make_film(language="ug")
    assert "no captions" in translate(desk, added, "de", "Guten Abend.").content.decode()
    assert translate(desk, added, "de", SRT).status_code == 302
    added.refresh_from_db()
    assert added.captions_in("de").startswith("WEBVTT\n\n1\n00:00:00.500")
    with override("de"):
        assert [(track.language, track.is_on) for track in added.tracks] == [("de", True)]
    with override("fr"):
        assert [(track.language, track.is_on) for track in added.tracks] == [("de", False)]


@pytest.mark.parametrize("language", ["English", "EN", "zh_Hant", "e", "../x"])
def test_the_code_of_a_language_is_one_that_an_address_can_hold(desk, language):
    assert "Two or three small letters" in add(desk, film(seconds=1), language=language).content.decode()


def test_long_captions_are_taken_in_every_script(desk):
    long = SRT + "晩" * 99_000
    added = make_film()
    fields = {**WORDS, "captions": long}
    assert desk.post(reverse("admin:pages_film_change", args=[added.pk]), fields).status_code == 302
    assert translate(desk, added, "ja", long).status_code == 302


# On a page


def test_a_film_of_the_library_is_shown_and_nothing_of_it_is_loaded_first(client, db):
    shown = make_film(seconds=754, size=50_000_000)
    block = make_block(make_page(), kind="video", heading="Round table", film=shown)
    page = client.get("/about/").content.decode()
    (tag,) = re.findall(r"<video[^>]*>", page)
    assert 'preload="none"' in tag
    assert 'aria-label="Round table"' in tag
    assert "autoplay" not in tag
    assert f'<source src="{shown.get_absolute_url()}" type="video/mp4">' in page
    assert "(MP4, 12:34, 47.7\xa0MB)" in page
    assert "media-src 'self'" in client.get("/about/").headers["Content-Security-Policy"]
    assert "neither captions nor a transcript" in checks.remarks(block.page)[0].text
    for words in (SRT, SRT.replace("Good", "[MUSIC]")):
        shown.captions = captions.as_webvtt(words)
        shown.save()
        assert checks.remarks(Page.objects.get()) == []
        assert checks.remarks(shown) == []


def test_a_page_does_not_read_the_captions_of_its_films(client, db):
    shown = make_film(captions=captions.as_webvtt(SRT), translations={"de": {"captions": SRT}})
    page = make_page()
    make_block(page, kind="video", film=shown)
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/about/").content.decode()
    assert html.count("<track ") == 2
    of_film = [query["sql"] for query in asked if '"pages_film"' in query["sql"]]
    assert len(of_film) == 1
    assert '"pages_film"."captions"' not in of_film[0]


def test_visitors_are_not_told_by_which_name_staff_know_a_film(client, db):
    make_block(make_page(), kind="video", film=make_film("Witness A. B."))
    page = client.get("/de/about/").content.decode()
    assert "Witness" not in page
    assert 'aria-label="Film"' in page


def test_a_film_that_is_shown_is_not_deleted(desk, added, django_capture_on_commit_callbacks):
    block = make_block(make_page(), kind="video", film=added)
    where = reverse("admin:pages_film_delete", args=[added.pk])
    desk.post(where, {"post": "yes"})
    assert Film.objects.exists()
    block.delete()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(where, {"post": "yes"})
    assert not Film.objects.exists()
    assert not default_storage.exists(folders.name_of(folders.FILMS, added.digest, added.name))


def test_another_file_takes_the_place_of_a_film_and_its_captions_stay(desk, added):
    fields = {**WORDS, "captions": SRT, "file": upload(film(), "b.mp4")}
    assert desk.post(reverse("admin:pages_film_change", args=[added.pk]), fields).status_code == 302
    now = Film.objects.get()
    assert (now.name, now.digest != added.digest) == ("film.mp4", True)
    assert now.captions.startswith("WEBVTT")
