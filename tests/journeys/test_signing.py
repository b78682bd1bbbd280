"""Suzanne signs: from the petition to the count, as different people do it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.keyboard import enter, press
from tests.journeys.screens import PHONE
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.system.people import PETITION, count

pytestmark = [pytest.mark.system, pytest.mark.browser]


def open_context(browser: Browser, site: LiveSite, network: str, **options: Any) -> BrowserContext:
    """A visitor on a phone, from a network of their own."""
    headers = {"X-Forwarded-For": f"198.51.{network}.1"}
    return browser.new_context(base_url=site.url, viewport=PHONE, extra_http_headers=headers, **options)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, site: LiveSite) -> Iterator[Page]:
    context = open_context(browser, site, "101", java_script_enabled=request.param)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def confirm_in_mail(page: Page, site: LiveSite, address: str, button: str) -> None:
    page.goto(site.link(site.mails(address)[0], "/petitions/confirm/"))
    keep_picture(page, "confirm a signature")
    follow(page.get_by_role("button", name=button))


def test_a_supporter_signs_confirms_and_sees_the_count_rise(phone: Page, site: LiveSite) -> None:
    before, address = count(site), f"suzanne{id(phone)}@suzanne.example.org"
    phone.goto(PETITION)
    keep_picture(phone, "petition on a phone")
    phone.get_by_label("Your full name").fill("Suzanne Óñate")
    phone.get_by_label("Your email address").first.fill(address)
    phone.locator("[name=country]").select_option("FR")
    follow(phone.get_by_role("button", name="Sign the petition"))
    expect(phone.get_by_text(address)).to_be_visible()
    expect(phone.get_by_text("not counted until")).to_be_visible()
    keep_picture(phone, "check your inbox")
    assert count(site) == before
    confirm_in_mail(phone, site, address, "Yes, count my signature")
    expect(phone).to_have_url(f"{site.url}{PETITION}thanks/")
    keep_picture(phone, "thanks")
    assert count(site) == before + 1


def test_mistakes_are_named_above_and_beside_and_nothing_typed_is_lost(phone: Page) -> None:
    phone.goto(PETITION)
    phone.get_by_label("Your full name").fill("Suzanne")
    phone.get_by_label("Your email address").first.fill("suzanne at example")
    follow(phone.get_by_role("button", name="Sign the petition"))
    assert phone.title().strip().startswith("Error:")
    summary = phone.locator(".error-summary")
    expect(summary.get_by_role("link", name="name@example.org")).to_be_visible()
    expect(summary.get_by_role("link", name="Choose your country")).to_be_visible()
    expect(phone.get_by_label("Your full name")).to_have_value("Suzanne")
    expect(phone.get_by_label("Your email address").first).to_have_value("suzanne at example")
    keep_picture(phone, "mistakes while signing")


def test_signing_by_keyboard_alone(browser: Browser, site: LiveSite) -> None:
    context = open_context(browser, site, "102")
    page = context.new_page()
    page.goto(PETITION)
    form = page.locator("#sign")
    enter(page, form.locator("[name=name]"), "Kay Board")
    enter(page, form.locator("[name=email]"), "kay@board.example.org")
    enter(page, form.get_by_role("combobox"), "Deutschl")
    expect(page.get_by_role("option", name="Germany")).to_have_attribute("aria-selected", "true")
    press(page, form.get_by_role("button", name="Sign the petition"))
    expect(page.get_by_text("kay@board.example.org")).to_be_visible()
    page.goto(site.link(site.mails("kay@board.example.org")[0], "/petitions/confirm/"))
    press(page, page.get_by_role("button", name="Yes, count my signature"))
    expect(page).to_have_url(f"{site.url}{PETITION}thanks/")
    context.close()


def choose_by_other_name(page: Page) -> None:
    """Type what other languages call a country, which the list of this page's language does not have."""
    country = page.get_by_role("combobox")
    country.fill("ドイ")
    page.get_by_role("option", name="ألمانيا").click()
    expect(page.locator("[name=country]")).to_have_value("DE")
    country.press("ArrowDown")
    country.press("Escape")
    expect(country).to_have_value("ألمانيا")
    country.fill("nowhere")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.locator(".combobox-status")).not_to_be_empty()
    expect(page.locator("[name=country]")).to_have_value("")
    country.press("Enter")
    expect(country).to_have_value("nowhere")
    country.press("Escape")
    expect(country).to_have_value("ألمانيا")
    expect(page.locator("[name=country]")).to_have_value("DE")
    expect(page.locator(".combobox-status")).to_be_empty()
    country.fill("ÄGYPTEN")
    expect(page.get_by_role("option")).to_have_count(1)
    keep_picture(page, "finding a country")
    page.locator("[name=name]").click()
    expect(country).to_have_value("مصر")


def leave_words(page: Page) -> None:
    """Type a country and go on without choosing: it is taken if it can only mean one, and never by the code within."""
    country, status = page.get_by_role("combobox"), page.locator(".combobox-status")
    for words, code in {"Mỹ": "US", "ge": "", "Congo": "", "Géorgie": "GE", "FR": "FR"}.items():
        country.fill(words)
        expect(page.get_by_role("option").first).to_be_visible()
        country.press("Tab")
        expect(page.locator("[name=country]")).to_have_value(code)
        expect(status).to_have_text("" if code else re.compile("."))
    country.focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "qq", "selectionStart": 2, "selectionEnd": 2})
    expect(page.get_by_role("option")).to_have_count(0)
    expect(status).to_be_empty()
    keyboard.send("Input.insertText", {"text": "qq"})
    expect(status).not_to_be_empty()


def test_the_list_of_countries_does_without_the_file_of_their_other_names(browser: Browser, site: LiveSite) -> None:
    context = open_context(browser, site, "104")
    page = context.new_page()
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile("country_names"), refuse)
    page.goto(PETITION)
    country = page.get_by_role("combobox")
    expect(country).to_be_visible()
    assert asked == []  # before anybody comes to the field
    with page.expect_request(re.compile("country_names")):
        country.fill("fran")
    country.press("Enter")
    expect(country).to_have_value("France")
    expect(page.locator("[name=country]")).to_have_value("FR")
    assert len(asked) == 1
    context.close()


def test_signing_in_arabic_goes_from_right_to_left_in_page_and_mail(browser: Browser, site: LiveSite) -> None:
    context = open_context(browser, site, "103", locale="ar")
    page = context.new_page()
    page.goto(f"/ar{PETITION}")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator("[name=name]").fill("ليلى")
    page.locator("#sign [name=email]").fill("layla@layla.example.org")
    leave_words(page)
    choose_by_other_name(page)
    follow(page.locator("#sign [type=submit]"))
    expect(page.get_by_text("layla@layla.example.org")).to_be_visible()
    keep_picture(page, "check your inbox in Arabic")
    mail = site.mails("layla@layla.example.org")[0]
    page.goto(site.link(mail, "/ar/petitions/confirm/"))
    follow(page.locator("main form button").first)
    expect(page).to_have_url(f"{site.url}/ar{PETITION}thanks/")
    context.close()
