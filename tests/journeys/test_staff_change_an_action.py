"""Staff change an action list and build a letter campaign in the admin, and see both on the site."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.pages.payloads import PAYLOADS
from tests.petitions.paper import spreadsheet

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


MEMBERS = [
    ["Name", "Area", "Contact form"],
    ["Nora Example", "North", "https://example.org/nora"],
    ["Sam Example", "South", "https://example.org/sam"],
    ["", "East", ""],
]
AREAS = [["Postal code", "Area"], ["10*", "North"], ["20099", "North, South"]]
CAMPAIGN = {
    "title": "Write to the council",
    "ask": "Please speak up for the victims.",
    "summary": "The council meets in spring.",
    "default_subject": "Please speak up for the victims",
    "default_body": "Dear [recipient],\n\nplease speak up for the victims of forced organ harvesting.",
    "closes_at_0": "2099-01-01",
    "closes_at_1": "00:00",
}


def upload_table(page: Page, link: str, rows: list[list[str]]) -> None:
    """Upload a spreadsheet for the list that is open, look at what it would change, and apply it."""
    follow(page.get_by_role("link", name=link))
    page.locator("[name=file]").set_input_files(
        {"name": "table.xlsx", "mimeType": "application/octet-stream", "buffer": spreadsheet("xlsx", rows)}
    )
    follow(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible()
    keep_picture(page, f"what an upload would change {link[-7:]}")
    follow(page.get_by_role("button", name="Apply", exact=True))
    expect(page.get_by_text("Applied.")).to_be_visible()


def test_a_letter_campaign_is_built_from_two_spreadsheets(staff: Page) -> None:
    staff.goto("/admin/letters/recipientlist/add/")
    staff.locator("[name=name]").fill("The Example Council")
    staff.locator("[name=finder]").select_option("postal_code")
    follow(staff.get_by_role("button", name="Save and continue editing"))
    the_list = staff.url
    upload_table(staff, "Upload its members", MEMBERS)
    staff.goto(the_list)
    upload_table(staff, "Upload its areas", AREAS)

    staff.goto("/admin/letters/lettercampaign/add/")
    for name, text in CAMPAIGN.items():
        staff.locator(f"[name={name}]").fill(text)
    staff.get_by_label("The Example Council").check()
    staff.get_by_label("United States Senate").uncheck()
    staff.locator("[name=visibility]").select_option("published")
    follow(staff.get_by_role("button", name="Save", exact=True))
    expect(staff.locator(".messagelist")).to_contain_text("was added successfully")
    staff.goto("/letters/write-to-the-council/")
    for name, text in {"first_name": "Ana", "last_name": "Example", "email": "ana@council.example.org"}.items():
        staff.locator(f"#about [name={name}]").fill(text)
    for name, text in {"street": "Example Street 1", "zip": "10115", "city": "Exampletown"}.items():
        staff.locator(f"#about [name={name}]").fill(text)
    follow(staff.get_by_role("button", name="Continue to your letters"))
    expect(staff.locator(".letter-sheet textarea")).to_have_value(re.compile("Dear Nora Example,"))
