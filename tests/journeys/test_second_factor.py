"""The first and the second login of a member of staff, on a site that asks for a second factor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.fixtures import follow, keep_picture, log_in, watch
from tests.live.site import LiveSite
from tests.staff import phone

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(400)]
HIRE = """
from django.contrib.auth.models import User
User.objects.create_superuser("newcomer", "", "password-of-the-tests")
"""
DISMISS = "from django.contrib.auth.models import User; User.objects.filter(username='newcomer').delete()"


@pytest.fixture
def newcomer(browser: Browser, site: LiveSite, guarded: str) -> Iterator[Page]:
    site.manage("shell", "-c", HIRE)
    page = browser.new_context(base_url=guarded, locale="en-GB").new_page()
    complaints = watch(page)
    log_in(page, "newcomer")
    yield page
    page.context.close()
    site.manage("shell", "-c", DISMISS)
    assert complaints == []


def give(page: Page, code: str, button: str, label: str = "Code:") -> None:
    page.get_by_label(label, exact=True).fill(code)
    follow(page.get_by_role("button", name=button))


def test_a_phone_is_set_up_a_code_opens_the_desk_and_a_recovery_code_too(newcomer: Page) -> None:
    expect(newcomer.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    expect(newcomer.get_by_role("img", name="QR code")).to_be_visible()
    assert newcomer.locator(".qr").evaluate("image => image.naturalWidth") > 100
    keep_picture(newcomer, "a second factor is set up")
    secret = newcomer.locator(".typed").inner_text()
    give(newcomer, phone.code(secret), "Confirm", "Code of the new entry:")

    expect(newcomer.locator(".recovery-codes li")).to_have_count(10)
    keep_picture(newcomer, "recovery codes")
    recovery = newcomer.locator(".recovery-codes code").first.inner_text()
    follow(newcomer.get_by_role("link", name="I have kept them; go on"))
    expect(newcomer.get_by_role("link", name="Second factor", exact=True)).to_be_visible()

    log_out_and_in(newcomer)
    keep_picture(newcomer, "a code is asked for")
    give(newcomer, "000000", "Go on")
    expect(newcomer.get_by_text("This code was not accepted.")).to_be_visible()
    give(newcomer, recovery, "Go on")
    expect(newcomer.get_by_role("link", name="Second factor", exact=True)).to_be_visible()

    log_out_and_in(newcomer)
    give(newcomer, recovery, "Go on")
    expect(newcomer.get_by_text("This code was not accepted.")).to_be_visible()
    newcomer.goto("/admin/petitions/petition/")
    expect(newcomer.get_by_role("heading", name="Your code")).to_be_visible()


def log_out_and_in(page: Page) -> None:
    follow(page.get_by_role("button", name="Log out"))
    log_in(page, "newcomer")
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
