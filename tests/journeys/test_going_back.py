"""Back, forward and reload lose nothing of a letter or a form, with scripts and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.screens import PHONE
from tests.journeys.test_writing_to_senators import fill_in
from tests.live.fixtures import follow
from tests.live.site import LiveSite
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.browser]

FIRST = "My own words to the first of my senators."
SECOND = "Other words of my own, to the second one."


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, site: LiveSite) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=request.param)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def test_a_letter_is_there_after_back_forward_and_reload_on_every_step(phone: Page) -> None:
    fill_in(phone, "ana@back.example.org")
    first, second = phone.locator(".letter-sheet textarea").all()
    first.fill(FIRST)
    second.fill(SECOND)
    follow(phone.get_by_role("button", name="See the preview"))
    phone.go_back()
    expect(first).to_have_value(FIRST)
    expect(second).to_have_value(SECOND)
    phone.go_forward()
    expect(phone.locator(".letter-paper").first).to_contain_text(FIRST)
    phone.reload()
    expect(phone.locator(".letter-paper").last).to_contain_text(SECOND)
    phone.go_back()
    phone.go_back()
    expect(phone.get_by_label("City")).to_have_value("Santa Fe")
    phone.go_forward()
    expect(first).to_have_value(FIRST)
    follow(phone.get_by_role("button", name="See the preview"))
    follow(phone.get_by_role("button", name="Change the letters"))
    phone.reload()
    expect(second).to_have_value(SECOND)
    first.fill(FIRST * 2)
    follow(phone.get_by_role("contentinfo").get_by_role("link", name="Privacy"))
    phone.go_back()
    expect(first).to_have_value(FIRST * 2)


FORMS = [(PETITION, "#sign"), ("/newsletter/", "main .sheet form"), ("/contact/write/", "main form")]


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_a_refused_form_is_there_after_back_forward_and_reload(phone: Page, path: str, form: str) -> None:
    phone.goto(path)
    address = phone.locator(f"{form} [name=email]")
    address.fill("ana at example")
    follow(phone.locator(f"{form} [type=submit]"))
    expect(phone.locator(".error-summary")).to_be_visible()
    phone.reload()
    expect(address).to_have_value("ana at example")
    address.fill("ana@example")
    phone.goto("/safety/")
    phone.go_back()
    expect(phone.locator(".error-summary")).to_be_visible()
    expect(address).to_have_value("ana@example")
    phone.go_back()
    expect(phone.locator(".error-summary")).to_have_count(0)
    expect(address).to_have_value("ana at example")
    phone.go_forward()
    expect(phone.locator(".error-summary")).to_be_visible()


def test_a_petition_that_was_sent_without_a_line_is_there_after_back(phone: Page) -> None:
    phone.goto(PETITION)
    phone.get_by_label("Your full name").fill("Ana Example")
    phone.locator("#sign [name=email]").fill("ana@offline.example.org")
    phone.wait_for_timeout(3_000)  # Chromium keeps what was typed a second late, and says nowhere that it has
    phone.context.set_offline(True)
    phone.locator("#sign [type=submit]").click(no_wait_after=True)
    expect(phone.locator("#sign")).to_have_count(0)
    phone.context.set_offline(False)
    phone.go_back()
    expect(phone.get_by_label("Your full name")).to_have_value("Ana Example")
    expect(phone.locator("#sign [name=email]")).to_have_value("ana@offline.example.org")
