"""The states that a visitor brings about or meets: accessible, no wider than a small phone; their pictures are kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from tests.journeys.screens import PHONE
from tests.journeys.test_every_page import LETTER, PETITION, faults
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.live.stopped import STOPPED, stopped

pytestmark = [pytest.mark.system, pytest.mark.browser]

ANA = {"first_name": "Ana", "last_name": "Núñez", "street": "1 Example St", "city": "Santa Fe", "zip": "87501"}
WAYS = [("en", 320, "light"), ("de", 1280, "dark"), ("ar", 320, "dark"), ("zh-hant", 1280, "light")]


class Walk:
    """One visitor in one language; `look` gathers what is wrong with the state that was reached."""

    def __init__(self, page: Page, site: LiveSite, language: str) -> None:
        self.page, self.site, self.language = page, site, language
        self.prefix = "" if language == "en" else f"/{language}"
        self.found: dict[str, object] = {}

    def look(self, state: str) -> None:
        keep_picture(self.page, f"{state} {self.language}")
        if wrong := faults(self.page):
            self.found[state] = wrong

    def open(self, path: str) -> None:
        self.page.goto(f"{self.prefix}{path}")

    def send(self, form: str = "main form") -> None:
        follow(self.page.locator(f"{form} [type=submit]").first)

    def mailed(self, address: str, part: str) -> str:
        return self.site.link(self.site.mails(address)[0], part)


@pytest.fixture(params=WAYS, ids=[f"{language} {palette} {width}" for language, width, palette in WAYS])
def walk(request: pytest.FixtureRequest, browser: Browser, site: LiveSite) -> Iterator[Walk]:
    language, width, palette = request.param
    viewport: Any = {"width": width, "height": 800}
    headers = {"X-Forwarded-For": f"198.51.{150 + WAYS.index(request.param)}.1"}
    context = browser.new_context(
        base_url=site.url, viewport=viewport, color_scheme=palette, bypass_csp=True, extra_http_headers=headers
    )
    yield Walk(context.new_page(), site, language)
    context.close()


def test_every_step_of_signing(walk: Walk) -> None:
    address = f"states@{walk.language}.example.org"
    walk.open(PETITION)
    for name, text in {"name": "Ana", "email": "nobody"}.items():
        walk.page.locator(f"#sign [name={name}]").fill(text)
    walk.send("#sign")
    walk.look("signing refused")
    walk.page.locator("#sign [name=email]").fill(address)
    walk.page.locator("#sign [name=country]").select_option("FR")
    walk.send("#sign")
    walk.look("signing asked to confirm")
    walk.page.goto(walk.mailed(address, "/petitions/confirm/"))
    walk.look("signing to be confirmed")
    walk.send()
    walk.look("signing done")
    assert walk.found == {}


def test_every_step_of_writing(walk: Walk) -> None:
    address = f"writing@{walk.language}.example.org"
    walk.open(LETTER)
    walk.send("#about")
    walk.look("writing refused")
    for name, text in (ANA | {"email": address}).items():
        walk.page.locator(f"#about [name={name}]").fill(text)
    walk.page.locator("#about [name=state]").select_option("NM")
    walk.send("#about")
    walk.look("writing the texts")
    walk.send()
    walk.look("writing seen before it goes")
    walk.send()
    walk.look("writing asked to confirm")
    walk.page.goto(walk.mailed(address, "/letters/confirm/"))
    walk.look("writing to be confirmed")
    walk.send()
    walk.look("writing tracked")
    assert walk.found == {}


@pytest.mark.parametrize("path", [PETITION, "/letters/example-parliament/"])
def test_the_open_list_of_countries(walk: Walk, path: str) -> None:
    walk.open(path)
    walk.page.get_by_role("combobox").fill("an")
    expect(walk.page.get_by_role("option").first).to_be_visible()
    walk.look(f"countries {path.split('/')[1]}")
    walk.page.set_viewport_size(PHONE)
    walk.look(f"countries {path.split('/')[1]} on a phone")
    assert walk.found == {}


@pytest.mark.parametrize("how", STOPPED)
def test_nobody_can_sign_or_write(walk: Walk, how: str) -> None:
    with stopped(walk.site, how):
        for path, what in ((PETITION, "petition"), (LETTER, "letters")):
            walk.open(path)
            assert walk.page.locator("#sign, #about").count() == 0
            walk.look(f"{what} {how}")
    assert walk.found == {}


def test_the_site_is_out_of_order_and_what_was_typed_is_kept(walk: Walk) -> None:
    walk.open("/healthz")
    fields = [("name", "Ana Núñez"), ("email", "ana@example.org")]
    with translation.override(walk.language):
        context = {"is_rtl": translation.get_language_bidi(), "action": PETITION}
        walk.page.set_content(render_to_string("503.html", context | {"fields": fields}))
        walk.look("out of order with what was typed")
        walk.page.set_content(render_to_string("503.html", context))
        walk.look("out of order")
    assert walk.found == {}
