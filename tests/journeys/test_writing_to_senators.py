"""A nurse in New Mexico writes to her two senators and watches both letters go; others do otherwise, also abroad."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.keyboard import enter, press
from tests.journeys.screens import PHONE
from tests.journeys.test_every_page import faults
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.system.people import LETTERS

pytestmark = [pytest.mark.system, pytest.mark.browser]

REASON = "I am a nurse in Santa Fe, and nobody should be killed for a kidney. R&D <now>"

PERSON = {
    "first_name": "Ana",
    "last_name": "Example",
    "email": "ana@letters.example.org",
    "street": "100 Example St",
    "city": "Santa Fe",
    "state": "New Mexico",
    "zip": "87501",
}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, site: LiveSite) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=request.param)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def fill_in(page: Page, address: str, *, state: str = "NM", zip_code: str = "87501") -> None:
    """Go from the first step to the second."""
    page.goto(LETTERS)
    page.get_by_label("First name").fill("Ana")
    page.get_by_label("Last name").fill("Núñez-O'Brien")
    page.locator("#about [name=email]").fill(address)
    page.get_by_label("Street and number").fill("100 Example St")
    page.get_by_label("City").fill("Santa Fe")
    page.locator("[name=state]").select_option(state)
    page.locator("[name=zip]").fill(zip_code)
    follow(page.get_by_role("button", name="Continue to your letters"))


def test_both_letters_are_written_confirmed_and_accepted(phone: Page, site: LiveSite) -> None:
    address = f"nurse{id(phone)}@nurse.example.org"
    fill_in(phone, address)
    expect(phone.get_by_role("heading", name="Your letters")).to_be_visible()
    keep_picture(phone, "writing letters")
    assert phone.locator(".letter-sheet textarea").count() == 2
    phone.locator("[name=reason_1]").fill(REASON)
    follow(phone.get_by_role("button", name="See the preview"))
    expect(phone.get_by_text(REASON).first).to_be_visible()
    keep_picture(phone, "preview of letters")
    follow(phone.get_by_role("button", name="Send my letters"))
    expect(phone.get_by_text(address)).to_be_visible()
    phone.goto(site.link(site.mails(address)[0], "/letters/confirm/"))
    keep_picture(phone, "confirming letters")
    follow(phone.locator("main form button").first)
    expect(phone).to_have_url(re.compile("/letters/track/"))
    tracking = phone.url

    def both_have_gone() -> bool:
        phone.goto(tracking)
        return phone.get_by_text("Test: nothing was sent").count() == 2

    assert site.wait_until(both_have_gone, seconds=60)
    keep_picture(phone, "tracking letters")
    assert "delivered" not in phone.content()
    assert "100 Example St" not in phone.content()
    assert address not in phone.content()


@pytest.mark.parametrize(("state", "zip_code"), [("DC", "20001"), ("PR", "00901")])
def test_who_has_no_senators_is_told_so_and_offered_the_petition(phone: Page, state: str, zip_code: str) -> None:
    fill_in(phone, "nobody@example.org", state=state, zip_code=zip_code)
    expect(phone.get_by_role("button", name="Send my letters")).to_have_count(0)
    expect(phone.locator("main").get_by_role("link", name=re.compile("petition", re.IGNORECASE)).first).to_be_visible()
    keep_picture(phone, f"no senators in {state}")


def test_going_back_loses_nothing(phone: Page) -> None:
    fill_in(phone, "back@example.org")
    phone.locator(".letter-sheet textarea").first.fill("A letter of my own, with many words.\n\nSecond paragraph.")
    follow(phone.get_by_role("button", name="Change your details"))
    expect(phone.get_by_label("City")).to_have_value("Santa Fe")
    follow(phone.get_by_role("button", name="Continue to your letters"))
    expect(phone.locator(".letter-sheet textarea").first).to_have_value(re.compile("of my own"))


def test_the_letters_are_written_by_keyboard_alone(browser: Browser, site: LiveSite) -> None:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto(LETTERS)
    form = page.locator("#about")
    for name, text in PERSON.items():
        enter(page, form.locator(f"[name={name}]"), text)
    press(page, page.get_by_role("button", name="Continue to your letters"))
    enter(page, page.locator("[name=reason_1]"), REASON)
    press(page, page.get_by_role("button", name="See the preview"))
    press(page, page.get_by_role("button", name="Send my letters"))
    page.goto(site.link(site.mails(PERSON["email"])[0], "/letters/confirm/"))
    press(page, page.locator("main form button").first)
    expect(page).to_have_url(re.compile("/letters/track/"))
    context.close()


def test_in_arabic_the_page_goes_from_right_to_left_and_the_letter_from_left_to_right(
    browser: Browser, site: LiveSite
) -> None:
    context = browser.new_context(base_url=site.url, viewport=PHONE, locale="ar")
    page = context.new_page()
    page.goto(f"/ar{LETTERS}")
    form = page.locator("#about")
    for name, text in (PERSON | {"email": "layla@letters.example.org", "last_name": "الخوري"}).items():
        field = form.locator(f"[name={name}]")
        field.select_option("NM") if name == "state" else field.fill(text)
    follow(form.locator("[type=submit]").last)
    assert page.locator("html").get_attribute("dir") == "rtl"
    sheet = page.locator(".letter-sheet textarea").first
    assert sheet.evaluate("element => getComputedStyle(element).direction") == "ltr"
    keep_picture(page, "writing letters in Arabic")
    follow(page.locator("main form [type=submit]").first)
    expect(page.locator(".letter-paper").first).to_contain_text("الخوري")
    keep_picture(page, "preview of letters in Arabic")
    follow(page.locator("main form [type=submit]").first)
    page.goto(site.link(site.mails("layla@letters.example.org")[0], "/ar/letters/confirm/"))
    follow(page.locator("main form button").first)
    expect(page).to_have_url(re.compile("/ar/letters/track/"))
    context.close()


def choose_country(form: Locator, words: str, code: str) -> None:
    """Type its name where scripts have made room for that; else choose it in the list."""
    country = form.get_by_role("combobox")
    if country.evaluate("field => field.localName") == "input":
        country.fill(words)
        country.press("Enter")
    else:
        country.select_option(code)
    expect(form.locator("[name=country]")).to_have_value(code)


def test_a_german_writes_to_the_european_parliament(phone: Page, site: LiveSite) -> None:
    """From the Senate's page to that of their country; each office gets its own language, and theirs stands beside."""
    address = f"german{id(phone)}@german.example.org"
    phone.goto(LETTERS)
    follow(phone.get_by_role("link", name="Example: write to the European Parliament"))
    phone.goto(f"/de{urlsplit(phone.url).path}")
    form = phone.locator("#about")
    choose_country(form, "Deutschl", "DE")
    given = {"first_name": "Ana", "last_name": "Beispielfrau", "email": address, "street": "Beispielweg 1"}
    for name, text in {**given, "zip": "1011", "city": "Berlin"}.items():
        form.locator(f"[name={name}]").fill(text)
    follow(form.locator("[type=submit]").last)
    keep_picture(phone, "a wrong postal code")
    form.locator("[name=zip]").fill("10117")
    follow(form.locator("[type=submit]").last)
    letters = phone.locator(".letter-sheet textarea")
    expect(letters).to_have_count(3)
    expect(letters.first).to_have_value(re.compile("Guten Tag Anna Beispiel,"))
    expect(letters.last).to_have_value(re.compile("Dear Chris Beispiel,"))
    keep_picture(phone, "writing letters to a parliament")
    follow(phone.locator(".letter-form [type=submit]").first)
    expect(phone.locator("details .letter-paper")).to_have_count(1)
    keep_picture(phone, "preview of letters to a parliament")
    follow(phone.locator("main form [type=submit]").first)
    phone.goto(site.link(site.mails(address)[0], "/de/letters/confirm/"))
    follow(phone.locator("main form button").first)
    expect(phone).to_have_url(re.compile("/de/letters/track/"))


def test_military_mail_is_asked_for_the_state_of_legal_residence(phone: Page) -> None:
    fill_in(phone, "soldier@example.org", state="AE", zip_code="09012")
    expect(phone.get_by_text("Choose your state of legal residence").first).to_be_visible()
    keep_picture(phone, "military mail")
    phone.locator("[name=residence]").select_option("NM")
    follow(phone.get_by_role("button", name="Continue to your letters"))
    expect(phone.get_by_role("heading", name="Martin Heinrich")).to_be_visible()
    follow(phone.get_by_role("button", name="See the preview"))
    expect(phone.get_by_text("Legal residence: New Mexico").first).to_be_visible()
    expect(phone.get_by_text("AE 09012").first).to_be_visible()


def test_a_zip_in_two_states_is_asked_about_and_never_guessed(phone: Page) -> None:
    fill_in(phone, "border@example.org", state="KY", zip_code="42223")
    expect(phone.get_by_text("is in more than one state").first).to_be_visible()
    keep_picture(phone, "a zip in two states")
    phone.get_by_label("Tennessee").check()
    follow(phone.get_by_role("button", name="Continue to your letters"))
    expect(phone.get_by_text("Tennessee ·")).to_have_count(2)


def test_every_step_is_accessible_fits_a_small_screen_and_asks_nobody_else(browser: Browser, site: LiveSite) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 700}, bypass_csp=True)
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    fill_in(page, "steps@steps.example.org", state="AE", zip_code="09012")
    assert faults(page) == []
    page.locator("[name=residence]").select_option("NM")
    for button in ("Continue to your letters", "See the preview", "Send my letters"):
        follow(page.get_by_role("button", name=button))
        assert faults(page) == []
    page.goto(site.link(site.mails("steps@steps.example.org")[0], "/letters/confirm/"))
    assert faults(page) == []
    follow(page.locator("main form button").first)
    expect(page).to_have_url(re.compile("/letters/track/"))
    assert faults(page) == []
    assert asked == {urlsplit(site.url).netloc}
    context.close()
