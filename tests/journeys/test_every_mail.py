"""Every mail's HTML in a real browser: readable in light and dark, on a phone, in both directions of writing."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Request

from campaign.mail.examples import MAILS, html_of
from tests.journeys.test_every_page import faults
from tests.live.fixtures import keep_picture

pytestmark = [pytest.mark.system, pytest.mark.browser]

# A mail is shown inside somebody else's page, which has its own landmarks and headings.
OF_WHOLE_PAGES = {"landmark-one-main", "page-has-heading-one", "region"}


@pytest.mark.parametrize(
    ("language", "palette"), [("en", "dark"), ("en", "light"), ("de", "light"), ("ar", "dark"), ("zh-hant", "light")]
)
def test_every_mail_can_be_read(browser: Browser, palette: Any, language: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme=palette)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # Playwright marks what it is given
    found = {}
    for name in MAILS:
        page.set_content(html_of(name, language))
        keep_picture(page, f"mail {name.replace('/', ' ')} {language} {palette}")
        found[name] = [fault for fault in faults(page) if fault[0] not in OF_WHOLE_PAGES]
    page.close()
    assert {name: faulty for name, faulty in found.items() if faulty} == {}
    assert asked == []
