"""Suzanne signs: from the petition to the count, as different people do it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

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
    phone.get_by_label("Your country").select_option("FR")
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
    enter(page, form.locator("[name=country]"), "Germany")
    press(page, form.get_by_role("button", name="Sign the petition"))
    expect(page.get_by_text("kay@board.example.org")).to_be_visible()
    page.goto(site.link(site.mails("kay@board.example.org")[0], "/petitions/confirm/"))
    press(page, page.get_by_role("button", name="Yes, count my signature"))
    expect(page).to_have_url(f"{site.url}{PETITION}thanks/")
    context.close()


def test_signing_in_arabic_goes_from_right_to_left_in_page_and_mail(browser: Browser, site: LiveSite) -> None:
    context = open_context(browser, site, "103", locale="ar")
    page = context.new_page()
    page.goto(f"/ar{PETITION}")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator("[name=name]").fill("ليلى")
    page.locator("#sign [name=email]").fill("layla@layla.example.org")
    page.locator("[name=country]").select_option("EG")
    follow(page.locator("#sign [type=submit]"))
    expect(page.get_by_text("layla@layla.example.org")).to_be_visible()
    keep_picture(page, "check your inbox in Arabic")
    mail = site.mails("layla@layla.example.org")[0]
    page.goto(site.link(mail, "/ar/petitions/confirm/"))
    follow(page.locator("main form button").first)
    expect(page).to_have_url(f"{site.url}/ar{PETITION}thanks/")
    context.close()
