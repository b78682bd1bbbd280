"""What holds for every page that anybody can open: accessible, light, alone on its origin, no wider than the screen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect

from tests.journeys.screens import PHONE
from tests.live.fixtures import follow
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

AXE = (settings.ROOT / "tests" / "vendor" / "axe.min.js").read_text()
PETITION = "/petitions/end-forced-organ-harvesting/"
LETTER = "/letters/senate-resolution-220/"
NEWS_ITEM = "/news/statement-on-the-world-day-against-trafficking-in-persons/"
LANGUAGES = ("de", "ar", "zh-hant")
IN_ENGLISH = [
    "/",
    "/petitions/",
    PETITION,
    f"{PETITION}thanks/",
    f"{PETITION}statistics/",
    "/petitions/confirm/unusable/",
    "/letters/",
    LETTER,
    "/letters/track/unusable/",
    "/how-you-can-help/",
    "/how-you-can-help/governments/",
    "/evidence/",
    "/who-we-are/",
    "/news/",
    NEWS_ITEM,
    "/search/?q=organ",
    "/newsletter/",
    "/contact/write/",
    "/privacy/",
    "/no-such-page/",
    "/safety/",
    "/petitions/mine/",
    "/petitions/mine/unusable/",
    f"{PETITION}card/",
]
TRANSLATED = [
    "/",
    PETITION,
    LETTER,
    "/how-you-can-help/governments/",
    "/evidence/",
    NEWS_ITEM,
    "/safety/",
    "/no-such-page/",
]
LOOKS: dict[str, tuple[int, Literal["light", "dark"]]] = {"phone": (320, "light"), "desktop": (1280, "dark")}
PATHS = IN_ENGLISH + [f"/{language}{path}" for language in LANGUAGES for path in TRANSLATED]
# Every page in English in both looks; of each translated page one, turn by turn.
SEEN = [(look, path) for look in LOOKS for path in IN_ENGLISH] + [
    (list(LOOKS)[(row + column) % 2], f"/{language}{path}")
    for row, language in enumerate(LANGUAGES)
    for column, path in enumerate(TRANSLATED)
]
LARGEST_VIEW, LARGEST_SCRIPT = 100_000, 14_000


@dataclass
class Visit:
    page: Page
    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note(self, answer: Response) -> None:
        self.responses.append(answer)

    def sizes(self, kind: str = "") -> int:
        """Bytes over the wire of all answers, or of those to requests of one kind."""
        wanted = [answer.request for answer in self.responses if kind in {"", answer.request.resource_type}]
        return sum(request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"] for request in wanted)


def faults(page: Page) -> list[tuple[str, object]]:
    """What axe-core finds once the page has loaded, best practice included, and sideways scrolling."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    rules = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    found = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in rules]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([("too wide by", too_wide)] if too_wide > 0 else [])


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visit(look: str, browser: Browser, site: LiveSite) -> Iterator[Visit]:
    width, palette = LOOKS[look]
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": 800},
        color_scheme=palette,
        bypass_csp=True,  # axe is put into the page as a script
    )
    visit = Visit(context.new_page())
    visit.page.on("response", visit.note)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()


@pytest.mark.parametrize(("look", "path"), SEEN)
def test_a_page_is_accessible_and_fits(visit: Visit, path: str) -> None:
    visit.page.goto(path)
    assert faults(visit.page) == []


@pytest.mark.parametrize("path", [PETITION, LETTER, f"/ar{PETITION}", f"/zh-hant{LETTER}"])
def test_a_refused_form_is_accessible_and_fits(visit: Visit, path: str) -> None:
    visit.page.goto(path)
    follow(visit.page.locator("main form .button").first)
    expect(visit.page.locator(".error-summary")).to_be_visible()
    assert faults(visit.page) == []


@pytest.mark.parametrize(("look", "path"), [("phone", f"/ar{PETITION}"), ("desktop", PETITION)])
def test_an_open_list_of_countries_is_accessible_and_fits(visit: Visit, path: str) -> None:
    visit.page.goto(path)
    country = visit.page.get_by_role("combobox")
    country.press_sequentially("an")
    country.press("ArrowDown")
    expect(visit.page.get_by_role("option", selected=True)).to_be_visible()
    assert faults(visit.page) == []


@pytest.mark.parametrize("path", ["/", PETITION, LETTER])
def test_the_first_view_is_light_and_leaves_nothing_and_asks_nobody_else(
    visit: Visit, site: LiveSite, path: str
) -> None:
    visit.page.goto(path, wait_until="networkidle")
    assert {answer.url.startswith(f"{site.url}/") for answer in visit.responses} == {True}
    assert visit.page.context.cookies() == []
    assert visit.complaints == []
    assert visit.sizes() < LARGEST_VIEW
    assert visit.sizes("script") < LARGEST_SCRIPT


def test_text_of_twice_the_size_fits_a_phone(browser: Browser, site: LiveSite) -> None:
    page = browser.new_page(base_url=site.url, viewport=PHONE, bypass_csp=True)
    wider = {}
    for path in [
        "/",
        PETITION,
        LETTER,
        "/how-you-can-help/",
        "/evidence/",
        f"/de{PETITION}",
        f"/de{LETTER}",
        "/ar/safety/",
    ]:
        page.goto(path)
        page.add_style_tag(content="html { font-size: 200% !important }")
        wider[path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()
    assert {path: by for path, by in wider.items() if by > 0} == {}


def test_no_page_breaks_its_own_policy_or_complains(browser: Browser, site: LiveSite) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    complaints: list[tuple[str, str]] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append((page.url, message.text))

    page.on("console", note)
    for path in PATHS:
        page.goto(path)
    context.close()
    assert [complaint for complaint in complaints if "status of 4" not in complaint[1]] == []
