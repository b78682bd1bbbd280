"""A staff member changes an action list in the admin and sees it on the site."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.live.fixtures import follow
from tests.live.site import LiveSite
from tests.pages.payloads import PAYLOADS

pytestmark = [pytest.mark.system, pytest.mark.browser]


def open_action(page: Page, title: str) -> None:
    page.goto("/admin/pages/action/")
    follow(page.get_by_role("link", name=title))
    expect(page.locator(".field-explanation .tiptap")).to_be_visible()


def test_what_staff_write_in_the_editor_stands_on_the_site(staff: Page) -> None:
    open_action(staff, "Issue travel advisories")
    staff.get_by_label("Short text").fill("Issue travel advice")
    editor = staff.locator(".field-explanation .tiptap")
    editor.click()
    staff.keyboard.press("Control+A")
    staff.keyboard.type("Tell people ")
    staff.keyboard.press("Control+B")
    staff.keyboard.type("before they go.")
    follow(staff.get_by_role("button", name="Save", exact=True))
    staff.goto("/how-you-can-help/governments/")
    expect(staff.get_by_role("heading", name="Issue travel advice")).to_be_visible()
    expect(staff.locator("strong", has_text="before they go.")).to_be_visible()


def test_the_order_of_the_list_is_the_order_on_the_site(staff: Page) -> None:
    staff.goto("/admin/pages/action/")
    follow(staff.get_by_role("link", name="Everyone"))
    row = staff.get_by_role("row", name=re.compile("Watch and share"))
    row.get_by_role("spinbutton").fill("1")
    follow(staff.get_by_role("button", name="Save"))
    staff.goto("/how-you-can-help/everyone/")
    expect(staff.locator(".actions :is(h2, h3)").first).to_contain_text("Watch and share")


def test_links_are_made_in_a_dialog_of_our_own_origin(staff: Page) -> None:
    open_action(staff, "Refuse entry to those who take part")
    staff.locator(".field-explanation .tiptap").click()
    staff.keyboard.press("Control+A")
    staff.locator(".field-explanation .prose-menubar button", has_text="link").first.click()
    staff.locator("dialog input").first.fill("https://example.org/law")
    staff.locator("dialog button[type=submit], dialog button").first.click()
    expect(staff.locator('.field-explanation .tiptap a[href="https://example.org/law"]').first).to_be_visible()
    follow(staff.get_by_role("button", name="Save", exact=True))
    staff.goto("/how-you-can-help/governments/")
    expect(staff.locator('a[href="https://example.org/law"]').first).to_be_visible()


def test_no_payload_in_any_field_does_anything(staff: Page, site: LiveSite) -> None:
    """Typed past the editor into the field itself, as somebody with a stolen password would."""
    text = "<p>before</p>" + "".join(PAYLOADS)
    open_action(staff, "Help independent investigations")
    staff.get_by_label("Short text").fill("<img src=x onerror=alert(1)>")
    staff.locator("textarea[name=explanation]").evaluate("(field, text) => { field.value = text }", text)
    follow(staff.get_by_role("button", name="Save", exact=True))
    staff.goto("/how-you-can-help/governments/")
    expect(staff.get_by_text("before").first).to_be_attached()
    staff.goto("/admin/pages/action/")
    follow(staff.get_by_role("link", name="<img src=x"))
    expect(staff.locator(".field-explanation .tiptap")).to_be_visible()


def test_an_action_list_is_put_in_order_with_the_keyboard(staff: Page) -> None:
    staff.goto("/admin/pages/audience/")
    follow(staff.get_by_role("link", name="Medical profession"))
    second = staff.locator("tr.form-row:not(.empty-form)").nth(1)
    second.locator(".order-up").focus()
    staff.keyboard.press("Enter")
    follow(staff.get_by_role("button", name="Save", exact=True))
    staff.goto("/how-you-can-help/medicine/")
    expect(staff.locator(".actions :is(h2, h3)").first).to_contain_text("Make membership of professional societies")


def test_an_action_list_is_put_in_order_by_dragging(staff: Page) -> None:
    staff.goto("/admin/pages/audience/")
    follow(staff.get_by_role("link", name="Governments and legislatures"))
    rows = staff.locator("tr.form-row:not(.empty-form)")
    rows.nth(4).locator(".order-drag").drag_to(rows.nth(0), target_position={"x": 10, "y": 3})
    expect(staff.get_by_role("status")).to_have_text(re.compile(r"\b1 of \d+$"))
    follow(staff.get_by_role("button", name="Save", exact=True))
    staff.goto("/how-you-can-help/governments/")
    expect(staff.locator(".actions :is(h2, h3)").first).to_contain_text("Forbid pharmaceutical companies")
