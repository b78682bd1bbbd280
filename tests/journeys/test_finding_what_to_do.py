"""Somebody asks "what can I do?", says who they are, and follows one piece of advice."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.keyboard import press
from tests.journeys.screens import PHONE
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.browser]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, site: LiveSite) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=request.param)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def test_a_surgeon_finds_the_list_for_surgeons_and_the_evidence_behind_it(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("button", name="Menu").click()
    follow(phone.get_by_role("navigation", name="Main").get_by_role("link", name="How you can help"))
    expect(phone.get_by_role("heading", name="Who are you?")).to_be_visible()
    keep_picture(phone, "who are you")
    card = phone.locator(".card", has_text="Medical profession")
    follow(card.get_by_role("link", name="What you can do"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Medical profession")
    assert phone.locator("ol.actions > li").count() >= 7
    keep_picture(phone, "what surgeons can do")
    follow(phone.get_by_role("link", name="See what has been found"))
    expect(phone.locator("ol.timeline > li")).to_have_count(6)


def test_by_keyboard_alone_the_list_leads_to_the_petition(browser: Browser, site: LiveSite) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.goto("/how-you-can-help/")
    press(page, page.locator(".card", has_text="Everyone").get_by_role("link"))
    expect(page).to_have_url(re.compile("/how-you-can-help/everyone/$"))
    press(page, page.locator("ol.actions").get_by_role("link", name="Sign the petition"))
    expect(page).to_have_url(f"{site.url}{PETITION}")
    context.close()


def test_in_arabic_the_list_reads_from_right_to_left_and_stays_in_arabic(browser: Browser, site: LiveSite) -> None:
    context = browser.new_context(base_url=site.url, viewport=PHONE, locale="ar")
    page = context.new_page()
    page.goto("/ar/how-you-can-help/")
    keep_picture(page, "who are you in Arabic")
    follow(page.locator(".card", has_text="الجميع").get_by_role("link"))
    expect(page).to_have_url(f"{site.url}/ar/how-you-can-help/everyone/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    number, words = page.locator("ol.actions > li").first, page.locator("ol.actions > li h2").first
    assert words.evaluate("element => getComputedStyle(element).direction") == "rtl"
    right = number.bounding_box()
    text = words.bounding_box()
    assert right
    assert text
    assert right["x"] + right["width"] > text["x"] + text["width"]
    keep_picture(page, "what everyone can do in Arabic")
    follow(page.locator("ol.actions").get_by_role("link", name="توقيع العريضة"))
    expect(page).to_have_url(f"{site.url}/ar{PETITION}")
    expect(page.get_by_role("heading", level=1)).to_have_text("تحركوا الآن لإنهاء انتزاع الأعضاء القسري في الصين")
    context.close()
