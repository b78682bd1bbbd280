"""A member of staff puts the menu in another order, by the keyboard and by dragging."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.live.fixtures import follow
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

BEFORE = ["Petition", "Write to those who decide", "How you can help", "The evidence", "News", "Who we are"]
AFTER = ["Petition", "Write to those who decide", "The evidence", "News", "How you can help", "Who we are"]


def header(page: Page) -> Locator:
    return page.get_by_role("table", name="Top of every page")


def in_order(page: Page) -> list[str]:
    return header(page).locator("[data-name]").all_inner_texts()


def save(page: Page, site: LiveSite, wanted: list[str]) -> None:
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("changed successfully")).to_be_visible()
    assert in_order(page) == wanted
    assert site.wait_until(lambda: on_the_site(page) == wanted, seconds=60)


def on_the_site(page: Page) -> list[str]:
    page.goto("/privacy/")
    return page.locator("#menu .menu a").all_inner_texts()


def open_menus(page: Page) -> None:
    page.goto("/admin/pages/page/")
    follow(page.get_by_role("link", name="Order of the menus"))


def test_a_menu_is_put_in_order_by_the_keyboard_and_by_dragging(staff: Page, site: LiveSite) -> None:
    open_menus(staff)
    assert in_order(staff) == BEFORE
    down = staff.get_by_role("button", name="Move down: How you can help")
    down.focus()
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("status")).to_have_text("How you can help: 4 of 6")
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("status")).to_have_text("How you can help: 5 of 6")
    expect(down).to_be_focused()
    save(staff, site, AFTER)
    open_menus(staff)
    target = header(staff).get_by_role("row", name="The evidence")
    staff.get_by_role("button", name="Drag: How you can help").drag_to(target, target_position={"x": 20, "y": 2})
    expect(staff.get_by_role("status")).to_have_text("How you can help: 3 of 6")
    save(staff, site, BEFORE)
