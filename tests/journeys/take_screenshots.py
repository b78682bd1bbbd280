"""`make screenshots`: five pages as they look on a phone and a desktop, by day and by night, in English and Arabic.

They are for eyes, in var/screenshots/look/; `make test` does not collect this file.
"""

from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.journeys.test_every_page import LETTER, PETITION
from tests.live.fixtures import SCREENSHOTS
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

PAGES = {
    "home": "/",
    "petition": PETITION,
    "letter": LETTER,
    "evidence": "/evidence/",
    "statistics": f"{PETITION}statistics/",
}
SCREENS: dict[str, ViewportSize] = {"phone": {"width": 375, "height": 812}, "desktop": {"width": 1440, "height": 900}}
PALETTES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = {"en": "", "ar": "/ar"}


@pytest.mark.parametrize(("screen", "palette"), product(SCREENS, PALETTES))
def test_how_the_site_looks(browser: Browser, site: LiveSite, screen: str, palette: Literal["light", "dark"]) -> None:
    page = browser.new_page(base_url=site.url, viewport=SCREENS[screen], color_scheme=palette)
    for (name, path), (language, prefix) in product(PAGES.items(), LANGUAGES.items()):
        page.goto(f"{prefix}{path}", wait_until="networkidle")
        page.screenshot(path=SCREENSHOTS / "look" / f"{name} {screen} {palette} {language}.png", full_page=True)
    page.close()
