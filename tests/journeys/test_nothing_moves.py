"""A button that is pressed acts: nothing that comes late moves what a finger is on its way to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.screens import PHONE
from tests.journeys.test_writing_to_senators import fill_in
from tests.live.fixtures import follow
from tests.live.site import LiveSite
from tests.system.people import LETTERS, PETITION

pytestmark = [pytest.mark.system, pytest.mark.browser]

TARGETS = "a, button, input, select, textarea, summary"
REMEMBER = f"""() => {{
  window.targets = [...document.querySelectorAll("{TARGETS}")].filter((one) => one.checkVisibility());
  window.places = targets.map((one) => one.getBoundingClientRect().top + scrollY);
}}"""
MOVED = """() => targets.filter((one, i) => Math.abs(one.getBoundingClientRect().top + scrollY - places[i]) > 0.5)
  .map((one) => one.outerHTML.slice(0, 80))"""
FIGURE = """() => document.querySelector("main").insertAdjacentHTML("afterbegin",
  '<figure class="figure"><img src="/late.svg" width="800" height="400" alt=""></figure>')"""
COUNT = re.compile(r"/count[.\w]*\.js$")
LATE_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="400"/>'
ROWS_IN_SIGHT = """list => [...list.children].map((row) => row.getBoundingClientRect())
  .filter((row) => row.top >= 0 && row.bottom <= Math.min(innerHeight, list.getBoundingClientRect().bottom)).length"""
BROKEN_WORDS = r"""() => {
  const broken = [], range = document.createRange();
  for (const heading of document.querySelectorAll("h1, h2, h3")) {
    if (!heading.checkVisibility()) continue;
    const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\s\-–·]+/g)) {
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => box.top));
      const takes_hyphen = word[0].length >= 12 && getComputedStyle(heading).hyphens === "auto";
      if (lines.size > 1 && !takes_hyphen) broken.push(word[0]);
    }
  }
  return broken;
}"""


@pytest.fixture
def phone(browser: Browser, site: LiveSite) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, viewport=PHONE, has_touch=True)
    yield context.new_page()
    context.close()


def held(page: Page, address: re.Pattern[str]) -> list[Route]:
    """Grows by the requests to such addresses, which wait."""
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route(address, hold)
    return late


def middle(page: Page, button: str) -> dict[str, float]:
    box = page.locator(button).bounding_box()
    assert box
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def test_an_offer_that_comes_after_the_next_touch_does_not_move_the_button(phone: Page) -> None:
    phone.goto(PETITION)
    phone.get_by_label("Your full name").fill("Anna Example")
    phone.locator("[name=country]").select_option("FR")
    phone.locator("#sign [name=email]").press_sequentially("anna.with-a-very-long-name@gmial.com")
    phone.locator("#sign [name=updates]").tap()
    sign = middle(phone, "#sign [type=submit]")
    expect(phone.get_by_role("button", name="Did you mean anna.with-a…@gmail.com?")).to_be_visible()
    with phone.expect_navigation(url="**/check-email/**"):
        phone.touchscreen.tap(**sign)


def test_a_keyboard_that_closes_under_the_finger_takes_no_press_away(phone: Page) -> None:
    phone.set_viewport_size({"width": PHONE["width"], "height": 400})
    phone.goto("/newsletter/")
    phone.locator("main .sheet input[type=email]").press_sequentially("anna@example.org")
    phone.locator("main .sheet form [type=submit]").scroll_into_view_if_needed()
    finger = phone.context.new_cdp_session(phone)
    place = middle(phone, "main .sheet form [type=submit]")
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    phone.set_viewport_size(PHONE)
    with phone.expect_navigation(url="**/check-email/**"):
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("path", [PETITION, f"/ar{PETITION}", "/letters/example-parliament/"])
def test_countries_stand_in_what_a_keyboard_leaves_of_the_screen(phone: Page, site: LiveSite, path: str) -> None:
    phone.goto(path)
    country = phone.get_by_role("combobox")
    country.tap()
    phone.set_viewport_size({"width": PHONE["width"], "height": 400})
    country.press_sequentially("an")
    rows = phone.get_by_role("listbox")
    assert site.wait_until(lambda: rows.evaluate(ROWS_IN_SIGHT) >= 4, seconds=10), rows.evaluate(ROWS_IN_SIGHT)


@pytest.mark.parametrize("words", ["Congo", "nowhere"])
def test_what_is_said_of_a_country_that_was_typed_does_not_move_the_button(phone: Page, words: str) -> None:
    phone.goto(PETITION)
    phone.get_by_role("combobox").fill(words)
    button = "#sign [type=submit]"
    phone.locator(button).scroll_into_view_if_needed()
    place = middle(phone, button)
    phone.mouse.move(place["x"], place["y"])
    phone.mouse.down()
    expect(phone.locator(".combobox-status")).not_to_be_empty()
    assert middle(phone, button) == place
    with phone.expect_navigation():
        phone.mouse.up()
    country = phone.get_by_role("combobox")
    expect(country).to_have_value(words)
    expect(phone.locator(".field-error").filter(has=country)).to_contain_text("Choose a country from the list.")
    phone.reload()
    expect(country).to_have_value(words)
    country.press("Escape")
    expect(country).to_have_value("")


@pytest.mark.parametrize("path", [PETITION, LETTERS, f"{PETITION}thanks/"])
def test_scripts_and_pictures_that_come_late_move_nothing(phone: Page, path: str) -> None:
    late = held(phone, re.compile(r"\.js$|/late\.svg$"))
    phone.goto(path, wait_until="commit")
    phone.wait_for_selector("footer")
    phone.evaluate(FIGURE)
    phone.evaluate(REMEMBER)
    for one in late:
        is_picture = one.request.url.endswith("late.svg")
        one.fulfill(body=LATE_PICTURE, content_type="image/svg+xml") if is_picture else one.continue_()
    expect(phone.get_by_role("button", name="Copy the link")).to_be_visible()
    expect(phone.locator("img").first).to_have_js_property("naturalWidth", 800)
    assert phone.evaluate(MOVED) == []


def test_counts_of_characters_that_come_late_move_nothing(phone: Page) -> None:
    phone.route(COUNT, lambda route: route.abort())
    fill_in(phone, "late@example.org")
    phone.evaluate(REMEMBER)
    phone.unroute(COUNT)
    phone.add_script_tag(url=f"{phone.locator('script[src*=count]').get_attribute('src')}?late", type="module")
    expect(phone.get_by_text("Characters:").first).to_be_visible()
    assert phone.evaluate(MOVED) == []


def test_the_count_while_writing_is_that_of_the_preview(phone: Page) -> None:
    fill_in(phone, "count@example.org")
    text = phone.locator(".letter-sheet textarea").first
    text.fill(f"{text.input_value()} 🕯\n\n")
    phone.locator("[name=reason_1]").fill(" I am  a nurse")
    phone.locator("[name=reason_3]").fill("Who was killed for this kidney?")
    told = [re.split("[:/]", line)[1].strip() for line in phone.locator("[data-count-of]").all_inner_texts()]
    follow(phone.get_by_role("button", name="See the preview"))
    lines = phone.locator("article > .meta").all_inner_texts()
    assert told == re.findall(r"([\d,]+) characters", "\n".join(lines))


def test_one_letter_for_both_takes_the_other_out_of_sight_and_drops_nothing(phone: Page) -> None:
    fill_in(phone, "both@example.org")
    first, second = phone.locator(".letter-sheet textarea").all()
    own = "My own words to the second of my senators."
    second.fill(own)
    box = phone.locator("[name=is_same]")
    box.check()
    expect(second).to_be_hidden()
    box.press("Tab")
    expect(phone.get_by_role("button", name="See the preview")).to_be_focused()
    follow(phone.get_by_role("button", name="See the preview"))
    expect(phone.locator(".error-summary")).to_contain_text("those changes would not be sent")
    expect(second).to_be_visible()
    expect(second).to_have_value(own)
    expect(first).to_be_visible()


def test_the_list_of_languages_closes_on_escape(phone: Page) -> None:
    phone.goto("/")
    phone.locator(".languages summary").click()
    phone.locator(".languages a").first.focus()
    phone.keyboard.press("Escape")
    expect(phone.locator(".languages ul")).to_be_hidden()
    expect(phone.locator(".languages summary")).to_be_focused()


def test_an_open_menu_leaves_the_way_out_bright_and_at_hand(phone: Page) -> None:
    phone.set_viewport_size({"width": 320, "height": 420})
    phone.goto("/")
    phone.mouse.move(160, 300)  # not upon it
    before = phone.locator(".leave").screenshot()
    phone.get_by_role("button", name="Menu").click()
    expect(phone.get_by_role("navigation", name="Main")).to_be_visible()
    assert phone.locator(".leave").screenshot() == before
    phone.locator(".leave").click(trial=True)


@pytest.mark.parametrize("path", ["/how-you-can-help/", f"/de{PETITION}", f"/de{LETTERS}", "/fr/how-you-can-help/"])
def test_at_twice_the_size_long_words_of_headings_fit_or_take_a_hyphen(phone: Page, path: str) -> None:
    sizes = phone.context.new_cdp_session(phone)
    sizes.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    phone.goto(path)
    assert phone.evaluate(BROKEN_WORDS) == []
