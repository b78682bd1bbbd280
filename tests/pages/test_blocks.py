"""Pictures, figures, videos and documents in pages and news; pictures for links; the urgent notice."""

import re
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages.content import checks
from pages.models import Page, SiteSettings
from tests.pages.factories import make_block, make_document, make_entry, make_news_item, make_page, make_picture

pytestmark = pytest.mark.django_db


def shown(client, path="/about/") -> str:
    return client.get(path).content.decode()


def test_a_picture_is_shown_with_its_words_in_small_encodings_first(client):
    make_block(make_page(), kind="picture", picture=make_picture(alt="Candles", caption="Geneva", credit="A. Name"))
    html = shown(client)
    order = [html.index(f'type="image/{kind}"') for kind in ("avif", "webp", "jpeg")]
    assert order == sorted(order)
    assert 'alt="Candles"' in html
    assert "Geneva" in html
    assert "A. Name" in html


def test_a_picture_speaks_the_visitors_language(client):
    translations = {"de": {"alt": "Kerzen", "credit": "Foto: A. Name"}}
    make_block(make_page(), kind="picture", picture=make_picture(translations=translations))
    assert 'alt="Kerzen"' in shown(client, "/de/about/")


def test_a_video_is_a_link_that_says_where_it_leads(client):
    url = "https://www.videos.example/watch?v=1"
    make_block(make_page(), kind="video", url=url, link_text="Watch it", picture=make_picture())
    html = shown(client)
    assert f'href="{url}"' in html
    assert "The video is on videos.example." in html
    assert "<iframe" not in html
    assert "<video" not in html
    assert html.count("videos.example") == 3  # the address, and twice in the sentence about it


def test_a_video_that_is_still_to_come_has_its_place_and_no_link(client):
    block = make_block(make_page(), "<p>What it is about.</p>", kind="video", heading="Round table", length="12:34")
    html = shown(client)
    assert "Round table" in html
    assert "12:34" in html
    assert "Watch the video" not in html
    assert "“Round table” has no film yet" in checks.remarks(block.page)[0].text
    block.url = "https://videos.example/1"
    block.save()
    assert "Watch the video" in shown(client)
    assert checks.remarks(Page.objects.get()) == []


def test_a_document_that_is_still_to_come_leaves_its_words(client):
    block = make_block(make_page(), "<p>Read it elsewhere.</p>", kind="document", heading="The letter")
    assert "Read it elsewhere." in shown(client)
    assert "has no document yet" in checks.remarks(block.page)[0].text


def test_what_is_said_in_a_video_can_be_read_in_the_language_it_was_written_in(client):
    page = make_page(translations={"de": {"title": "Über uns"}})
    url = "https://videos.example/1"
    words = {"de": {"body": "<p>Worum es geht.</p>"}}
    make_block(page, "<p>About.</p>", kind="video", url=url, transcript="<p>Good evening.</p>", translations=words)
    html = shown(client, "/de/about/")
    assert "Worum es geht." in html
    assert re.search(r'<div class="prose" lang="en"[^>]*><p>Good evening.</p></div>', html)


@pytest.mark.parametrize(("length", "is_right"), [("12:34", True), ("1:02:03", True), ("12", False), ("1:99", False)])
def test_the_length_of_a_video_is_minutes_and_seconds(length, is_right):
    block = make_block(make_page(), kind="video", length=length)
    with nullcontext() if is_right else pytest.raises(ValidationError):
        block.full_clean()


def test_a_document_of_the_record_has_a_cover_within_its_one_link(client):
    make_block(make_page(), kind="timeline")
    make_entry("A judgment", source_url="https://tribunal.example/", who="Seven members")
    (link,) = re.findall(r'<a href="https://tribunal.example/".*?</a>', shown(client), re.DOTALL)
    sheet, _, source = link.partition('<span class="cover" aria-hidden="true"')
    assert "A judgment" not in sheet
    assert [words in source for words in ("A judgment", "Seven members", "2006", "The report")] == [True] * 4


def test_the_picture_of_a_cover_takes_the_place_of_the_sheet_and_says_nothing_twice(client):
    make_block(make_page(), kind="timeline")
    make_entry("A judgment", source_url="https://tribunal.example/", picture=make_picture(alt="The first page"))
    (link,) = re.findall(r'<a href="https://tribunal.example/".*?</a>', shown(client), re.DOTALL)
    assert re.search(r'<img class="cover"\s+src="[^"]+\.jpg"\s+alt=""', link)
    assert "A judgment" not in link


def test_a_document_says_what_it_is_and_how_large(client):
    document = make_document(title="The letter", size=120_000)
    make_news_item("sent").blocks.create(kind="document", document=document)
    html = shown(client, "/news/sent/")
    assert f'href="{document.get_absolute_url()}"' in html
    assert "(PDF, 117.2\xa0KB)" in html


def test_people_who_follow_one_another_stand_in_one_list_with_a_portrait_or_their_initials(client):
    page = make_page()
    make_block(page, "<p>lawyer</p>", kind="person", heading="Ana María Example", picture=make_picture(alt="Ana"))
    make_block(page, "<p>surgeon</p>", kind="person", heading="Bo Example", order=20)
    html = shown(client)
    assert html.count('<ul class="people">') == 1
    assert 'alt="Ana"' in html
    assert re.findall(r'class="monogram"[^>]*>(\w+)<', html) == ["BE"]


def test_whom_a_published_page_presents_is_on_the_home_page_too(client):
    make_block(make_page(), kind="person", heading="Ana Example")
    make_block(make_page("hidden", state="draft"), kind="person", heading="Nobody Yet")
    html = shown(client, "/")
    assert "Ana Example" in html
    assert "Nobody Yet" not in html


def test_a_page_of_three_parts_lists_them_beside_its_text(client):
    page = make_page()
    for place, heading in enumerate(("First", "Second", "Third"), start=1):
        make_block(page, heading=heading, order=place * 10)
        assert ('href="#part-1"' in shown(client)) == (place == 3)
    assert re.findall(r'<h2 id="part-\d">(\w+)</h2>', shown(client)) == ["First", "Second", "Third"]


def test_figures_that_follow_one_another_are_drawn_to_one_scale(client):
    page = make_page()
    make_block(page, kind="figure", heading="10", source="One", low=10)
    make_block(page, kind="figure", heading="60 to 100", source="Other", low=60, high=100, order=20)
    assert re.findall(r'<rect (?:class="scale-range"\s+x="(\d+)"\s+)?width="(\d+)"\s+height="4"', shown(client)) == [
        ("", "10"), ("", "100"), ("60", "40")
    ]  # fmt: skip


def test_a_figure_stands_with_its_source(client):
    source = {"source": "The update of 2016", "source_url": "https://report.example/"}
    make_block(make_page(), "<p>transplants a year, estimated</p>", kind="figure", heading="60,000", **source)
    assert '<a href="https://report.example/" rel="noreferrer">The update of 2016</a>' in shown(client)


def test_a_video_without_words_for_its_button_says_what_the_button_does(client):
    block = make_block(make_page(), kind="video", url="https://video.example/1")
    block.full_clean()
    assert "Watch the video" in client.get("/about/").content.decode()


@pytest.mark.parametrize("kind", ["picture", "quote", "figure"])
def test_a_block_without_what_it_needs_is_refused(kind):
    block = make_block(make_page())
    block.kind = kind
    with pytest.raises(ValidationError):
        block.full_clean()


def test_a_link_to_a_page_shows_its_own_picture_or_that_of_the_site(client):
    common = make_picture("site")
    SiteSettings.objects.create(name="A campaign", social_picture=common)
    own = make_picture("own")
    make_page("with", social_picture=own)
    make_page("without")
    make_news_item("news", social_picture=own)
    assert own.card in shown(client, "/with/")
    assert common.card in shown(client, "/without/")
    assert own.card in shown(client, "/news/news/")


@pytest.mark.parametrize(
    ("begins", "ends", "is_seen"), [(-1, 1, True), (1, 2, False), (-2, -1, False), (None, None, True)]
)
def test_an_urgent_notice_stands_on_every_page_while_it_holds(client, begins, ends, is_seen):
    def moment(days: int | None) -> datetime | None:
        return None if days is None else timezone.now() + timedelta(days=days)

    SiteSettings.objects.create(name="A", banner="Hearing today", banner_from=moment(begins), banner_until=moment(ends))
    for path in ("/", "/news/", "/petitions/", "/newsletter/", "/nowhere/"):
        assert ("Hearing today" in shown(client, path)) is is_seen


def test_the_logo_stands_at_the_top(client):
    logo = make_picture("logo")
    SiteSettings.objects.create(name="A campaign", logo=logo)
    assert logo.thumbnail in shown(client, "/")
