"""A browser that understands nothing of the style shows everything all the same; so does one that lacks a rule."""

import re
from collections.abc import Callable, Iterator
from typing import Any

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


STYLE = re.compile(r"/site[.\w]*\.css$")


def open_without_style(page: Page, path: str) -> None:
    page.route(STYLE, lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(path)


def test_without_any_style_icons_are_small_and_forms_can_be_filled_in(browser: Browser, site: LiveSite) -> None:
    page = browser.new_page(base_url=site.url, viewport=PHONE)
    found = {}
    for path in PATHS:
        open_without_style(page, path)
        found[path] = (page.evaluate(LARGE_ICONS), page.evaluate(SIZES))
    page.close()
    assert found == dict.fromkeys(PATHS, (0, 0))


NOWHERE = "(no-such: thing)"
SHORTHANDS = r"(?<=[;{\s])(?:inset|margin|padding|border)-(?:inline|block):[^;}]*"
NEWER: dict[str, Callable[[str], str]] = {  # what a browser loses of the style that does not know a rule
    "has": lambda css: re.sub(r"[^{}]*:has\([^{]*\{[^{}]*\}", "", css),
    "color-mix": lambda css: re.sub(r"\(color: color-mix\(.*?\)\) (?=\{)", f"{NOWHERE} ", css),
    "popover and dialog": lambda css: css.replace("selector(:popover-open)", NOWHERE),
    "logical shorthands": lambda css: re.sub(SHORTHANDS, "", css),
    "gap of flexible boxes": lambda css: css.replace("@supports not (inset: 0)", "@supports (inset: 0)"),
    "focus-visible": lambda css: re.sub(r"[^{}]*:focus-visible[^{]*\{[^{}]*\}", "", css),
    "small viewport, wrapping, growing fields": lambda css: re.sub(
        r"(?<=[;{\s])[\w-]+:[^;{}]*svb[^;}]*|(?<=[;{\s])(?:text-wrap|field-sizing|accent-color):[^;}]*", "", css
    ),
}
COMPARED = [PETITION, "/newsletter/", f"/ar{PETITION}"]
LOOK = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const { backgroundColor } = getComputedStyle(one);
      if (!/, 0\\)$|transparent/.test(backgroundColor)) return light(backgroundColor);
    }
    return light("rgb(255,255,255)");
  };
  const shown = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility());
  return shown.map((one) => {
    const { left, width, height } = one.getBoundingClientRect();
    const [dark, bright] = [light(getComputedStyle(one).color), behind(one)].sort((a, b) => a - b);
    const what = `${one.tagName} ${one.getAttribute("class") || ""}`;
    return { what, contrast: (bright + 0.05) / (dark + 0.05), left, width, height };
  });
}"""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
AWAY = 16  # pixels by which a box may be elsewhere or of another size; below others it sinks with what is above it


@pytest.fixture(scope="module")
def full_style(browser: Browser, live_site: LiveSite) -> Iterator[tuple[Page, dict[str, list[dict[str, Any]]]]]:
    page = browser.new_page(base_url=live_site.url, viewport=PHONE)
    looks = {}
    for path in COMPARED:
        page.goto(path)
        looks[path] = page.evaluate(LOOK)
    yield page, looks
    page.close()


@pytest.mark.parametrize("rule", NEWER)
def test_without_a_newer_rule_pages_look_and_read_as_with_it(full_style: Any, rule: str) -> None:
    page, looks = full_style
    css = page.request.get(page.locator("link[rel=stylesheet]").first.get_attribute("href")).text()
    assert NEWER[rule](css) != css
    page.route(STYLE, lambda route: route.fulfill(body=NEWER[rule](css), content_type="text/css"))
    found = {}
    for path in COMPARED:
        page.goto(path)
        look = page.evaluate(LOOK)
        assert [one["what"] for one in look] == [one["what"] for one in looks[path]], path
        assert not page.evaluate(SIDEWAYS), path
        found[path] = [(one, full) for one, full in zip(look, looks[path], strict=True) if differs(one, full)]
    page.unroute(STYLE)
    assert found == {path: [] for path in COMPARED}


def differs(one: dict[str, Any], full: dict[str, Any]) -> bool:
    is_less_readable = one["contrast"] < min(4.5, full["contrast"]) - 0.01
    return is_less_readable or any(abs(one[side] - full[side]) > AWAY for side in ("left", "width", "height"))
