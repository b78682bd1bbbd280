"""`make screenshots`: five pages as they look on a phone and a desktop, by day and by night, in English and Arabic.

First those with a count as nobody has signed yet, then all of them as many have. They are for eyes, in
var/screenshots/look/; `make test` does not collect this file.
"""

from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.journeys.signed import sign
from tests.journeys.test_every_page import LETTER, PETITION
from tests.live.fixtures import SCREENSHOTS
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

WITH_COUNT = {"home": "/", "petition": PETITION, "statistics": f"{PETITION}statistics/"}
PAGES = WITH_COUNT | {"letter": LETTER, "evidence": "/evidence/"}
SCREENS: dict[str, ViewportSize] = {"phone": {"width": 375, "height": 812}, "desktop": {"width": 1440, "height": 900}}
PALETTES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = {"en": "", "ar": "/ar"}
SIGNATURES = 24_000


def take(browser: Browser, site: LiveSite, pages: dict[str, str], note: str = "") -> None:
    for (screen, size), palette in product(SCREENS.items(), PALETTES):
        page = browser.new_page(base_url=site.url, viewport=size, color_scheme=palette)
        for (name, path), (language, prefix) in product(pages.items(), LANGUAGES.items()):
            page.goto(f"{prefix}{path}", wait_until="networkidle")
            page.screenshot(
                path=SCREENSHOTS / "look" / f"{name}{note} {screen} {palette} {language}.png", full_page=True
            )
        page.close()


def test_how_the_site_looks_before_and_after_many_have_signed(browser: Browser, site: LiveSite) -> None:
    take(browser, site, WITH_COUNT, note=" unsigned")
    sign(site, SIGNATURES)
    take(browser, site, PAGES)
