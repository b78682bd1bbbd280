"""A superuser invites a colleague, who joins on a phone, logs in again, and leaves."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_every_page import faults
from tests.live.fixtures import follow, keep_picture, watch
from tests.live.site import LiveSite
from tests.staff import phone

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(400)]
FORGET = """
from django.contrib.auth.models import User
from campaign.staff.models import Invitation
Invitation.objects.all().delete()
User.objects.filter(username="ana").delete()
"""
PASSWORD = "a password that is ana's"


@pytest.fixture
def colleague(browser: Browser, site: LiveSite, guarded: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=guarded, locale="en-GB", viewport={"width": 375, "height": 740}, color_scheme="dark", has_touch=True
    )
    page = context.new_page()
    complaints = watch(page)
    yield page
    context.close()
    site.manage("shell", "-c", FORGET)
    assert [complaint for complaint in complaints if "404" not in complaint] == []


def invite(staff: Page) -> None:
    staff.goto("/admin/")
    follow(staff.locator("#content .model-invitation").get_by_role("link", name="Add"))
    staff.get_by_label("Name:").fill("Ana López")
    staff.get_by_label("E-mail address:").fill("ana@example.org")
    staff.get_by_role("radio", name="Editor Writes").check()
    keep_picture(staff, "an invitation")
    assert faults(staff) == []
    follow(staff.get_by_role("button", name="Invite"))
    expect(staff.get_by_text("An invitation is on its way to Ana López.")).to_be_visible()
    keep_picture(staff, "invitations that wait")
    assert faults(staff) == []


def join(page: Page, link: str) -> str:
    """Return the secret of the phone."""
    page.goto(link)
    keep_picture(page, "joining on a phone")
    assert faults(page) == []
    page.get_by_label("Username:").fill("ana")
    page.get_by_label("Password:", exact=True).fill(PASSWORD)
    page.get_by_label("Password confirmation:").fill(PASSWORD)
    follow(page.get_by_role("button", name="Join"))
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    secret = page.locator(".typed").inner_text()
    page.get_by_label("Code of the new entry:").fill(phone.code(secret))
    follow(page.get_by_role("button", name="Confirm"))
    follow(page.get_by_role("link", name="I have kept them; go on"))
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()
    return secret


def log_in_again(page: Page, secret: str) -> None:
    follow(page.get_by_role("button", name="Log out"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Log in"))
    page.get_by_label("Code:", exact=True).fill(phone.code(secret, steps=1))
    follow(page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()


def test_a_colleague_is_invited_joins_on_a_phone_logs_in_and_leaves(
    staff: Page, colleague: Page, guarded: str, site: LiveSite
) -> None:
    invite(staff)
    (mail,) = site.mails("ana@example.org")
    link = site.link(mail, "/admin/invitation/").replace(site.url, guarded)
    secret = join(colleague, link)
    log_in_again(colleague, secret)

    staff.goto("/admin/auth/user/")
    follow(staff.get_by_role("link", name="ana", exact=True))
    keep_picture(staff, "an account with its roles")
    assert faults(staff) == []
    follow(staff.get_by_role("link", name="Leaves the staff"))
    keep_picture(staff, "somebody leaves the staff")
    assert faults(staff) == []
    follow(staff.get_by_role("button", name="ana leaves the staff"))
    expect(staff.get_by_text("ana has left the staff.")).to_be_visible()

    colleague.reload()
    expect(colleague.get_by_label("Username")).to_be_visible()
    colleague.goto(link)
    expect(colleague.get_by_text("This invitation was used")).to_be_visible()


def test_who_may_do_what_is_readable_on_a_phone(staff: Page) -> None:
    staff.set_viewport_size({"width": 375, "height": 740})
    staff.goto("/admin/roles/")
    keep_picture(staff, "who may do what")
    assert faults(staff) == []
