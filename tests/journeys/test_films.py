"""Staff upload a film and show it on a page; a visitor plays it, and nothing of it is loaded before."""

import re

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.pages.films import film

pytestmark = [pytest.mark.system, pytest.mark.browser]
PHONE: ViewportSize = {"width": 390, "height": 844}
ITEM, ADDRESS = "Four round tables: what is known, and what can be done", "/news/four-round-tables/"
SHOWN = "film => film.textTracks[0].activeCues?.[0]?.text"
CAPTIONS = "1\n00:00:00,000 --> 00:00:20,000\nGood evening.\n"


def test_a_film_is_uploaded_shown_and_played(staff: Page, browser: Browser, site: LiveSite) -> None:
    upload(staff, "The round table")
    show(staff, "The round table")
    visitor = browser.new_context(base_url=site.url, viewport=PHONE).new_page()
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url) if "/media/films/" in request.url else None)
    visitor.goto(ADDRESS)
    video = visitor.locator("video").first
    video.scroll_into_view_if_needed()
    expect(video).to_have_accessible_name(re.compile("^1. The investigations"))
    keep_picture(visitor, "a film before it is played")
    assert asked == []
    video.focus()
    visitor.keyboard.press("Space")
    assert site.wait_until(lambda: video.evaluate("film => film.currentTime") > 0.2, seconds=30)
    assert asked
    video.evaluate("film => { film.textTracks[0].mode = 'showing' }")
    assert site.wait_until(lambda: video.evaluate(SHOWN) == "Good evening.", seconds=30)
    keep_picture(visitor, "a film that plays")
    visitor.context.close()


def upload(staff: Page, title: str) -> None:
    staff.goto("/admin/pages/film/add/")
    staff.locator("[name=title]").fill(title)
    staff.locator("[name=captions]").fill(CAPTIONS)
    file: FilePayload = {"name": "IMG_2026.webm", "mimeType": "video/webm", "buffer": film("webm", seconds=20)}
    staff.locator("[name=file]").set_input_files(file)
    follow(staff.get_by_role("button", name="Save and continue editing"))
    expect(staff.locator(".messagelist .success")).to_be_visible()
    expect(staff.locator("video")).to_be_visible()
    keep_picture(staff, "a film in the library")


def show(staff: Page, title: str) -> None:
    staff.goto("/admin/pages/newsitem/")
    follow(staff.get_by_role("link", name=ITEM))
    block = staff.locator(".inline-related", has=staff.locator("input[name$=heading][value^='1. The investigations']"))
    expect(block.locator(".field-document")).to_be_hidden()
    block.locator(".field-film .select2-selection").click()
    staff.locator(".select2-search__field").fill(title[:7])
    staff.locator(".select2-results__option", has_text=title).click()
    keep_picture(staff, "a block with a film")
    follow(staff.get_by_role("button", name="Save", exact=True))
    expect(staff.locator(".messagelist .success")).to_be_visible()
