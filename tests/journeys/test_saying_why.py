"""A signer says why, a moderator reads it, the page shows it, the signer takes it back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_every_page import faults
from tests.journeys.test_signing import confirm_in_mail, open_context
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.browser]
WHY = "My colleague went missing after her arrest, and nobody tells her family where she is."


@pytest.fixture
def asking(site: LiveSite) -> Iterator[LiveSite]:
    """The petition asks for reasons."""
    site.query("UPDATE petitions_petition SET asks_why = true RETURNING id")
    yield site
    site.query("UPDATE petitions_petition SET asks_why = false RETURNING id")


def test_a_reason_is_read_shown_and_taken_back(browser: Browser, asking: LiveSite, staff: Page) -> None:
    context = open_context(browser, asking, "77")
    phone, address = context.new_page(), "why@why.example.org"
    phone.goto(PETITION)
    expect(phone.get_by_role("checkbox", name="in public")).not_to_be_checked()
    phone.get_by_label("Your full name").fill("Minh Anh Nguyễn")
    phone.get_by_label("Your email address").first.fill(address)
    phone.locator("[name=country]").select_option("VN")
    phone.get_by_label("Why are you signing?").fill(WHY)
    phone.get_by_role("checkbox", name="in public").check()
    phone.get_by_label("Name to show").fill("Minh")
    keep_picture(phone, "saying why")
    assert faults(phone) == []
    follow(phone.get_by_role("button", name="Sign the petition"))
    confirm_in_mail(phone, asking, address, "Yes, count my signature")

    staff.goto("/admin/petitions/voice/")
    expect(staff.get_by_text(WHY)).to_be_visible()
    keep_picture(staff, "reasons to read")
    for key in ("j", "r", "Enter"):
        staff.keyboard.press(key)
    expect(staff.get_by_role("listitem").filter(has_text="1 reason decided.")).to_be_visible()

    phone.goto(PETITION)
    phone.reload()  # the browser may show the page of a minute ago once more while it asks for a new one
    expect(phone.get_by_text(WHY)).to_be_visible()
    keep_picture(phone, "a reason is shown")

    asking.smtp_sink.reset()
    phone.goto("/petitions/mine/")
    phone.get_by_label("Your email address").first.fill(address)
    follow(phone.get_by_role("button", name="Send me the link"))
    asking.query("DELETE FROM protection_allowance RETURNING 1")
    phone.goto(asking.link(asking.mails(address)[0], "/petitions/mine/"))
    phone.get_by_text("Change what is shown in public").click()
    keep_picture(phone, "what is stored of a signer")
    assert faults(phone) == []
    follow(phone.get_by_role("button", name="Show nothing about me in public"))
    assert asking.wait_until(lambda: WHY not in asking.http.get(PETITION).text, seconds=60)
    context.close()
