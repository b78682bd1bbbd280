"""What staff do every day takes few clicks: pressed in a browser and counted; fields are filled in by keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_paper_comes_in import DESK, tell_where_from
from tests.live.fixtures import follow
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

DRAFTS = """
from pages.models import Issue, Page
Page.objects.create(slug="few-clicks", title="Few clicks")
Issue.objects.create(subject="Few clicks", body="<p>Words.</p>")
"""
COUNT = "document.addEventListener('pointerdown', (event) => { if (event.isTrusted) noteClick() }, true)"


@contextmanager
def clicks(page: Page, expected: int) -> Iterator[None]:
    """Count from the page that is open now."""
    made: list[Page] = page.__dict__.setdefault("clicks_made", [])
    if not page.evaluate("'noteClick' in window"):
        page.expose_function("noteClick", lambda: made.append(page))
        page.add_init_script(COUNT)
        page.evaluate(COUNT)
    made.clear()
    yield
    assert len(made) == expected


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True))


def type_in(page: Page, name: str, text: str) -> None:
    page.locator(f"[name={name}]").focus()
    page.keyboard.type(text)


def test_what_staff_do_every_day_takes_few_clicks(staff: Page, site: LiveSite) -> None:
    site.manage("shell", "-c", DRAFTS)
    staff.goto("/admin/pages/page/?q=few-clicks")
    follow(staff.get_by_role("link", name="Few clicks"))
    with clicks(staff, 1):  # from the form
        press(staff, "Save and publish")
        expect(staff.get_by_text("Visitors see it now.")).to_be_visible()

    staff.goto("/admin/")
    with clicks(staff, 2):  # a new colleague
        follow(staff.locator(".model-invitation .addlink").first)
        type_in(staff, "name", "New Colleague")
        type_in(staff, "email", "new-colleague@example.org")
        staff.get_by_role("radio").first.press("Space")
        press(staff, "Invite")
        expect(staff.get_by_text("An invitation is on its way to New Colleague.")).to_be_visible()

    staff.goto("/admin/")
    with clicks(staff, 5):  # an issue from draft to sent, with a test mail
        follow(staff.locator(".model-issue th a").first)
        follow(staff.get_by_role("link", name="Few clicks"))
        press(staff, "Send a test to me")
        staff.locator("[name=is_sure]").click()
        press(staff, "Send now")
        expect(staff.get_by_role("heading", name="Sending:")).not_to_contain_text("draft")

    staff.goto(f"{DESK}register/")
    tell_where_from(staff)
    staff.get_by_label("Country:").select_option("CH")
    staff.get_by_label("Rows filled in:").fill("1")
    press(staff, "Go on to its rows")
    type_in(staff, "form-0-name", "A Person")
    type_in(staff, "form-0-address", "Street 1")
    press(staff, "Save; the sheet is done")
    with clicks(staff, 2):  # the next sheet
        follow(staff.get_by_role("link", name="Next sheet of this pile"))
        type_in(staff, "rows", "2")
        press(staff, "Go on to its rows")
        expect(staff.locator("[name=form-0-name]")).to_be_focused()


def test_the_editor_writes_arabic_from_right_to_left(staff: Page) -> None:
    staff.goto("/admin/pages/page/?q=who-we-are")
    follow(staff.get_by_role("link", name="Who we are"))
    follow(staff.get_by_role("link", name="Translations"))
    follow(staff.get_by_role("link", name="العربية"))
    editor = staff.locator(".tiptap[contenteditable=true]").first
    expect(editor).to_have_attribute("dir", "rtl")
    expect(editor).to_have_attribute("lang", "ar")
