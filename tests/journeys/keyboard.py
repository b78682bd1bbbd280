"""Someone without a mouse: Tab until it is reached, then type or press. What Tab does not reach cannot be used."""

from playwright.sync_api import Locator, Page, expect

STEPS = 120  # more than any page has to stop at


def reach(page: Page, target: Locator) -> None:
    """With Tab alone, from wherever the focus is; the target must show that it has the focus."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    expect(target).to_be_focused()
    assert target.evaluate("element => getComputedStyle(element).outlineStyle") != "none"


def enter(page: Page, target: Locator, text: str) -> None:
    """Into a field, or into a list of choices, where typing chooses."""
    reach(page, target)
    page.keyboard.type(text)


def press(page: Page, target: Locator) -> None:
    """Press Enter on a link, or on the button of a form, and wait for the page that it leads to."""
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")
