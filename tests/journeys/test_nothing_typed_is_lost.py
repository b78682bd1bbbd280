"""Nothing typed is lost: a session that is over, cookies that are gone, a page left too early, a browser that ends."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.live.fixtures import follow, keep_picture, log_in
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('typed:')).length"


@pytest.fixture
def desk(page: Page) -> Page:
    """Logged in; unlike `staff`, it may be asked whether to leave, and refused."""
    log_in(page, "demo")
    return page


def open_row(page: Page, where: str, name: str) -> str:
    """Return the address of the form."""
    page.goto(f"/admin/{where}/")
    follow(page.get_by_role("link", name=name).first)
    expect(page.locator("#content-main")).to_be_visible()
    return page.url


def open_action(page: Page) -> str:
    where = open_row(page, "pages/action", "Refuse entry to those who take part")
    expect(page.locator(".field-explanation .tiptap")).to_be_visible()
    return where


def type_in_editor(page: Page, text: str) -> None:
    page.locator(".field-explanation .tiptap").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def log_in_again(page: Page) -> None:
    page.get_by_label("Username").fill("demo")
    page.get_by_label("Password").fill("password-of-the-tests")
    follow(page.get_by_role("button", name="Log in"))


def test_when_the_cookies_are_gone_the_form_stands_as_typed_after_logging_in(desk: Page) -> None:
    where = open_action(desk)
    desk.get_by_label("Short text").fill("Refuse entry, typed before the session ended")
    type_in_editor(desk, "A long explanation.")
    desk.context.clear_cookies()
    follow(desk.get_by_role("button", name="Save", exact=True))
    expect(desk.get_by_text("What you typed is not lost")).to_be_visible()
    keep_picture(desk, "staff log in again and lose nothing")
    log_in_again(desk)
    expect(desk.get_by_text("Nothing was saved yet").first).to_be_visible()
    expect(desk.get_by_label("Short text")).to_have_value("Refuse entry, typed before the session ended")
    expect(desk.locator(".field-explanation .tiptap")).to_have_text("A long explanation.")
    keep_picture(desk, "staff see their form as typed")
    assert desk.url == where
    follow(desk.get_by_role("button", name="Save", exact=True))
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(desk.get_by_role("link", name="Refuse entry, typed before the session ended").first).to_be_visible()
    open_row(desk, "pages/action", "Refuse entry, typed before the session ended")
    desk.get_by_label("Short text").fill("Refuse entry to those who take part")
    follow(desk.get_by_role("button", name="Save", exact=True))
    expect(desk.locator(".messagelist .success")).to_be_visible()


def test_long_texts_are_offered_again_until_they_are_saved_or_forgotten(desk: Page, site: LiveSite) -> None:
    desk.on("dialog", lambda dialog: dialog.accept())
    where = open_action(desk)
    type_in_editor(desk, "Written while the browser crashed.")
    assert site.wait_until(lambda: desk.evaluate(KEPT) == 1, seconds=30)
    desk.goto(where)
    expect(desk.get_by_text("was not saved")).to_be_visible()
    keep_picture(desk, "staff are offered what was not saved")
    expect(desk.locator(".field-explanation .tiptap")).to_be_visible()
    desk.get_by_role("button", name="Bring it back").click()
    expect(desk.locator(".field-explanation .tiptap")).to_have_text("Written while the browser crashed.")
    follow(desk.get_by_role("button", name="Save", exact=True))
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert desk.evaluate(KEPT) == 0
    desk.goto(where)
    expect(desk.locator(".field-explanation .tiptap")).to_have_text("Written while the browser crashed.")
    expect(desk.get_by_text("was not saved")).to_have_count(0)

    type_in_editor(desk, "Not worth keeping.")
    assert site.wait_until(lambda: desk.evaluate(KEPT) == 1, seconds=30)
    desk.goto(where)
    desk.get_by_role("button", name="Forget it").click()
    assert desk.evaluate(KEPT) == 0

    expect(desk.locator(".field-explanation .tiptap")).to_be_visible()
    type_in_editor(desk, "On a computer that others use.")
    assert site.wait_until(lambda: desk.evaluate(KEPT) == 1, seconds=30)
    follow(desk.get_by_role("button", name="Log out"))
    expect(desk.get_by_text("Thanks for spending some quality time")).to_be_visible()
    assert desk.evaluate(KEPT) == 0


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ("letters/lettercampaign", "closing_note"),
        ("letters/office", "website"),
        ("petitions/petition", "goal"),
        ("auth/user", "first_name"),
    ],
)
def test_leaving_a_form_in_which_something_was_typed_asks_first(desk: Page, where: str, field: str) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.on("dialog", answer)
    desk.goto(f"/admin/{where}/")
    follow(desk.locator("#result_list tbody tr th a").first)
    place = desk.locator(f"[name={field}]")
    desk.goto("/admin/")
    assert asked == []
    desk.go_back()
    place.click()
    place.press_sequentially("1")
    desk.goto("/admin/")
    assert asked == ["beforeunload"]


def test_neither_rows_of_paper_nor_offices_are_kept_in_the_browser(desk: Page) -> None:
    for where in ("petitions/paperbatch/register/", "letters/office/add/", "protection/domainrule/add/"):
        desk.goto(f"/admin/{where}")
        assert desk.locator("[data-autosave]").count() == 0
        assert desk.locator("[data-unsaved]").count() == 1
