"""The small helps on pages, with the scripts they have and without any."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.screens import PHONE
from tests.live.fixtures import follow
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

PETITION = "/petitions/end-forced-organ-harvesting/"


@pytest.fixture
def scriptless(browser: Browser, site: LiveSite) -> Iterator[Page]:
    """A phone on which scripts are off."""
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()


def test_a_slip_in_a_well_known_domain_is_pointed_out_and_mended_on_request(page: Page) -> None:
    page.goto(PETITION)
    address = page.get_by_label("Your email address").first
    address.fill("anna@gmial.com")
    address.blur()
    page.get_by_role("button", name="Did you mean anna@gmail.com?").click()
    expect(address).to_have_value("anna@gmail.com")


@pytest.fixture(params=["mouse", "finger"])
def press(
    request: pytest.FixtureRequest, browser: Browser, site: LiveSite
) -> Iterator[tuple[Page, Callable[[Locator], None]]]:
    """A phone's page, and how its buttons are pressed: at the place where they are seen, as a person does."""
    context = browser.new_context(base_url=site.url, viewport=PHONE, has_touch=request.param == "finger")
    page = context.new_page()

    def press_where_seen(button: Locator) -> None:
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box
        place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        if request.param == "finger":
            page.touchscreen.tap(*place)
        else:
            page.mouse.click(*place, delay=80)

    yield page, press_where_seen
    context.close()


type Press = tuple[Page, Callable[[Locator], None]]


def correct_a_slip(page: Page) -> None:
    """The hint is there, and the field still has the focus when its slip has been corrected by typing."""
    address = page.locator("main input[type=email]").first
    address.fill("anna@gmial.com")
    address.blur()
    expect(page.get_by_role("button", name="Did you mean anna@gmail.com?")).to_be_visible()
    address.focus()
    address.fill("")
    address.press_sequentially("anna@gmail.com")


def test_a_click_on_sign_right_after_correcting_the_address_signs(press: Press) -> None:
    page, press_where_seen = press
    page.goto(PETITION)
    page.get_by_label("Your full name").fill("Anna Example")
    page.locator("[name=country]").select_option("FR")
    correct_a_slip(page)
    press_where_seen(page.locator("main").get_by_role("button", name="Sign the petition"))
    page.wait_for_url("**/check-email/**")


def test_a_click_on_sign_right_after_a_slip_signs(press: Press) -> None:
    page, press_where_seen = press
    page.goto(PETITION)
    page.get_by_label("Your full name").fill("Anna Example")
    page.locator("[name=country]").select_option("FR")
    page.locator("main input[type=email]").press_sequentially("anna@gmial.com")
    press_where_seen(page.locator("main").get_by_role("button", name="Sign the petition"))
    page.wait_for_url("**/check-email/**")
    expect(page.get_by_role("button", name="Did you mean anna@gmail.com?")).to_be_visible()  # it can be mended here


def test_a_click_on_subscribe_right_after_correcting_the_address_subscribes(press: Press) -> None:
    page, press_where_seen = press
    page.goto("/newsletter/")
    correct_a_slip(page)
    press_where_seen(page.get_by_role("button", name="Send me news"))
    page.wait_for_url("**/check-email/**")


def test_a_slip_that_was_left_by_touching_nothing_is_pointed_out_all_the_same(press: Press) -> None:
    page, press_where_seen = press
    page.goto(PETITION)
    page.locator("main input[type=email]").press_sequentially("anna@gmial.com")
    press_where_seen(page.get_by_role("heading", level=1))
    expect(page.get_by_role("button", name="Did you mean anna@gmail.com?")).to_be_visible()


def test_a_domain_that_is_real_or_unknown_is_nobodys_business(page: Page) -> None:
    page.goto(PETITION)
    address = page.get_by_label("Your email address").first
    for domain in ("gmbil-friends.example", "mail.com", "email.com", "ymail.com", "ms.com", "gmail.com"):
        address.fill(f"anna@{domain}")
        address.blur()
        expect(page.locator("[data-offer-for]").first).to_be_empty()


def test_the_link_can_be_copied(page: Page, site: LiveSite) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(PETITION)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".share [data-copied]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == site.url + PETITION


def test_errors_lead_to_their_fields_by_keyboard_without_any_script(scriptless: Page) -> None:
    scriptless.goto(PETITION)
    follow(scriptless.locator("main form .button"))
    expect(scriptless.locator(".error-summary")).to_be_focused()
    scriptless.keyboard.press("Tab")
    scriptless.keyboard.press("Enter")
    expect(scriptless.get_by_label("Your full name")).to_be_focused()
    scriptless.keyboard.type("Anna")
    expect(scriptless.get_by_label("Your full name")).to_have_value("Anna")


def test_the_menu_of_a_phone_opens_without_any_script(scriptless: Page) -> None:
    scriptless.goto("/")
    expect(scriptless.get_by_role("navigation", name="Main")).to_be_hidden()
    scriptless.get_by_role("button", name="Menu").click()
    follow(scriptless.get_by_role("navigation", name="Main").get_by_role("link", name="News"))
    expect(scriptless.get_by_role("heading", level=1)).to_have_text("News")
