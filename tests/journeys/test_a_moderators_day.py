"""A bad day of a moderator: what is held is looked through, the rest goes by filter, and errors are taken back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from standalone.supervision.process import wait_until
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.system.people import count, press, sign

pytestmark = [pytest.mark.system, pytest.mark.browser]
BLOCK = """
    INSERT INTO protection_domainrule (pattern, verdict, note) VALUES ('flood.example', 'blocked', '')
    ON CONFLICT DO NOTHING RETURNING id
"""


@pytest.fixture
def held(site: LiveSite) -> LiveSite:
    """Four signatures of a blocked domain, confirmed and so held."""
    site.query(BLOCK)
    for number in range(4):
        sign(site, f"p{number}@flood.example")
    for number in range(4):
        press(site, site.link(site.mails(f"p{number}@flood.example")[0], "/petitions/confirm/"))
    return site


def held_rows(page: Page) -> Locator:
    return page.locator("#result_list tbody tr")


def decide(page: Page, action: str, rows: int) -> None:
    for row in range(rows):
        page.locator("#result_list .action-select").nth(row).check()
    page.get_by_label("Action:").select_option(action)
    follow(page.get_by_role("button", name="Run"))


def release_by_keyboard(page: Page) -> None:
    """Release the second row without a mouse; what is done by each key is where the focus is, and is said."""
    keys, told = page.keyboard, page.locator("[data-shortcuts-spoken]")
    boxes, run = page.locator(".action-select"), page.get_by_role("button", name="Run")
    keys.press("?")
    expect(page.get_by_text("Previous row")).to_be_visible()
    for key, row in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1)):
        keys.press(key)
        expect(boxes.nth(row)).to_be_focused()
    for key in ("Control+x", "Alt+x", "Meta+x"):
        keys.press(key)
    expect(page.get_by_text("0 of 4 selected")).to_be_visible()
    keys.press("x")
    expect(boxes.nth(1)).to_be_checked()
    keys.press("i")
    expect(run).to_be_focused()
    expect(told).to_have_text("Invalidate: they do not count. Ticked: 1. Enter does it, Escape leaves it.")
    keys.press("Escape")
    expect(boxes.nth(1)).to_be_focused()
    keys.press("r")
    expect(told).to_contain_text("Release: count them")
    keep_picture(page, "keys of the list of held signatures")
    keys.press("Enter")
    expect(told).to_have_text("1 signature counts now.")
    expect(boxes.nth(1)).to_be_focused()


def see(page: Page, words: str) -> None:
    """Looks again until the page says so, as somebody does who waits for work in the background."""
    said = page.get_by_text(re.compile(words)).first

    def is_said() -> bool:
        if not said.count():
            page.reload()
        return said.count() > 0

    wait_until(is_said, seconds=60)
    expect(said).to_be_visible()


def test_from_the_first_page_to_an_empty_queue_and_back(held: LiveSite, staff: Page) -> None:
    before = count(held)
    staff.goto("/admin/")
    keep_picture(staff, "the first page of the admin")
    follow(staff.get_by_role("link", name=re.compile("signatures are held")))
    expect(staff.get_by_text("a blocked domain").first).to_be_visible()
    keep_picture(staff, "held signatures")
    expect(held_rows(staff)).to_have_count(4)
    release_by_keyboard(staff)
    assert count(held) == before + 1
    decide(staff, "invalidate", 1)
    expect(staff.get_by_text("1 signature invalidated.")).to_be_visible()

    follow(staff.get_by_role("link", name="Germany (2)"))
    follow(staff.get_by_role("link", name="Invalidate all of these …"))
    expect(staff.get_by_label("Country:")).to_have_value("DE")
    staff.get_by_label("Why:").fill("A flood from one place")
    keep_picture(staff, "an invalidation is proposed")
    follow(staff.get_by_role("button", name="Save", exact=True))
    expect(staff.get_by_text("Nothing is changed yet.")).to_be_visible()
    see(staff, "2 signatures found, 0 invalidated")
    keep_picture(staff, "an invalidation is counted")
    follow(staff.get_by_role("button", name="Invalidate these 2 signatures"))
    see(staff, "2 signatures found, 2 invalidated")
    keep_picture(staff, "an invalidation is done")
    staff.goto("/admin/petitions/heldsignature/")
    expect(held_rows(staff)).to_have_count(0)

    staff.go_back()
    follow(staff.get_by_role("button", name="Undo"))
    see(staff, "2 given back")
    staff.goto("/admin/petitions/heldsignature/")
    expect(held_rows(staff)).to_have_count(2)

    follow(staff.get_by_role("link", name="Germany (2)"))
    follow(staff.get_by_role("link", name="Release all of these …"))
    expect(staff.get_by_label("What:")).to_have_value("release")
    staff.get_by_label("Why:").fill("It was a village fair")
    follow(staff.get_by_role("button", name="Save", exact=True))
    see(staff, "2 signatures found, 0 released")
    follow(staff.get_by_role("button", name="Release these 2 signatures"))
    see(staff, "2 signatures found, 2 released")
    keep_picture(staff, "a release is done")
    assert count(held) == before + 3


def test_a_proposal_can_be_cancelled_before_anything_happens(site: LiveSite, staff: Page) -> None:
    staff.goto("/admin/petitions/decision/add/?country=JP")
    staff.get_by_label("Petition:").select_option(index=1)
    staff.get_by_label("Why:").fill("A mistake")
    follow(staff.get_by_role("button", name="Save", exact=True))
    see(staff, "signatures found")
    follow(staff.get_by_role("button", name="Cancel"))
    expect(staff.get_by_role("heading", name="cancelled")).to_be_visible()
    keep_picture(staff, "a decision is cancelled")
