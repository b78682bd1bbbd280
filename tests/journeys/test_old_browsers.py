"""A browser that understands nothing of the style shows everything all the same."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.screens import PHONE
from tests.live.site import LiveSite
from tests.system.people import LETTERS, PETITION

pytestmark = [pytest.mark.system, pytest.mark.browser]

PATHS = ["/", PETITION, LETTERS, "/newsletter/", f"/ar{PETITION}"]
SIZES = """() => [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
  .filter((box) => box.height < 10 || box.width < 10 || box.right > innerWidth + 1 || box.left < -1).length"""
LARGE_ICONS = (
    "[...document.querySelectorAll('svg.icon')].filter((one) => one.getBoundingClientRect().height > 32).length"
)


def open_without_style(page: Page, path: str) -> None:
    page.route(re.compile(r"/site[.\w]*\.css$"), lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(path)


def test_without_any_style_icons_are_small_and_forms_can_be_filled_in(browser: Browser, site: LiveSite) -> None:
    page = browser.new_page(base_url=site.url, viewport=PHONE)
    found = {}
    for path in PATHS:
        open_without_style(page, path)
        found[path] = (page.evaluate(LARGE_ICONS), page.evaluate(SIZES))
    page.close()
    assert found == dict.fromkeys(PATHS, (0, 0))
