"""Every mail's HTML in a real browser: readable in light and dark, on a phone, in both directions of writing."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from playwright.sync_api import Browser, Request

from tests.journeys.test_every_page import faults
from tests.live.fixtures import screenshot

pytestmark = [pytest.mark.system, pytest.mark.browser]

# A mail is shown inside somebody else's page, which has its own landmarks and headings.
OF_WHOLE_PAGES = {"landmark-one-main", "page-has-heading-one", "region"}
FOLDER = settings.ROOT / "templates" / "emails"
MAILS = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.html") if path.parent.name != "components"
)
URL = "https://campaign.example/" + "a" * 90 + "/"
TEXT = SimpleNamespace(title="Act now to end it", addressee="To the United Nations")
CONTEXT: dict[str, Any] = {
    "text": TEXT,
    "petition": SimpleNamespace(text=TEXT),
    "campaign": SimpleNamespace(title="Support Senate Resolution 220"),
    "offices": [SimpleNamespace(name="Ben Ray Luján"), SimpleNamespace(name="Martin Heinrich")],
    "letters": [(SimpleNamespace(name="Ben Ray Luján"), URL)],
    "milestone": SimpleNamespace(count=100_000),
    "check": SimpleNamespace(number=2),
    "signed_on": date(2026, 11, 1),
    "expires_at": date(2026, 11, 8),
    "code": "482 913",
    "name": "Ana López",
    "email": "ana@example.org",
    "message": "A long question.\n\nIt goes on.",
    "written_in": "es",
    "subject": "News of this week",
    "event": "asked",
    "person": "ana",
    "html": SafeString(f'<h2>What was decided</h2><p>It was. <a href="{URL}">Read it</a></p>'),
    "site_url": "https://campaign.example",
    **{f"{name}_url": URL for name in ("confirm", "not_me", "mine", "track", "page", "unsubscribe")},
    "url": URL,
}


def html_of(name: str, language: str) -> str:
    with translation.override(language):
        context = CONTEXT | {"language": language, "is_rtl": translation.get_language_bidi()}
        return render_to_string(f"emails/{name}", context)


@pytest.mark.parametrize("language", ["en", "de", "ar", "zh-hant"])
@pytest.mark.parametrize("palette", ["light", "dark"])
def test_every_mail_can_be_read(browser: Browser, palette: Any, language: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme=palette)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # Playwright marks what it is given
    found = {}
    for name in MAILS:
        page.set_content(html_of(name, language))
        page.screenshot(path=screenshot(f"mail {name.replace('/', ' ')} {language} {palette}"), full_page=True)
        found[name] = [fault for fault in faults(page) if fault[0] not in OF_WHOLE_PAGES]
    page.close()
    assert {name: faulty for name, faulty in found.items() if faulty} == {}
    assert asked == []
