"""Paper: a sheet is registered and typed by keyboard, a sample typed again; a file loaded, reported on, taken back."""

import re

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.journeys.test_a_moderators_day import see
from tests.live.fixtures import follow, keep_picture, log_in
from tests.live.site import LiveSite
from tests.system.people import count

pytestmark = [pytest.mark.system, pytest.mark.browser]
DESK = "/admin/petitions/paperbatch/"
COLLEAGUE = (
    "from django.contrib.auth.models import User; "
    "from campaign.staff.accounts.address_verification import mark_verified; "
    "User.objects.filter(username='{0}').exists() or "
    "mark_verified(User.objects.create_superuser('{0}', '{0}@example.org', 'password-of-the-tests'))"
)
FILE = "name,email,address,country\nAda File,,Street 1,DE\n,,Street 2,DE\nEve File,eve@@,,DE\nKim File,,Street 4,??\n"


def colleague(browser: Browser, site: LiveSite, name: str) -> Page:
    """Another member of staff at another machine."""
    site.manage("shell", "-c", COLLEAGUE.format(name))
    page = browser.new_context(base_url=site.url).new_page()
    log_in(page, name)
    return page


def tell_where_from(page: Page) -> None:
    page.get_by_label("Petition:").select_option(index=1)
    page.get_by_label("Collector:").fill("Friends of the park")
    page.get_by_label("Place of collection:").fill("Bern")
    page.get_by_label("Collected on:").first.fill("2026-11-01")


def type_by_keyboard(page: Page, rows: list[tuple[str, str]]) -> None:
    """From the first field on, without the mouse; Enter saves."""
    expect(page.locator("[name=form-0-name]")).to_be_focused()
    for name, address in rows:
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(address)
        for _ in range(4):  # e-mail, country, whether it counts, the next row
            page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.locator("[name=form-0-name]").press("Enter")


OF_NEWEST = """
    SELECT 1 FROM petitions_rekeying
    WHERE is_equal IS NULL AND batch_id = (SELECT max(id) FROM petitions_paperbatch)
"""


def is_sampled(site: LiveSite) -> bool:
    """Whether a row of the newest batch waits for a second typing."""
    return bool(site.query(OF_NEWEST))


def test_a_sheet_is_typed_and_a_colleague_types_a_sample_again(browser: Browser, site: LiveSite, staff: Page) -> None:
    staff.goto(DESK)
    follow(staff.get_by_role("link", name="Type a paper sheet"))
    tell_where_from(staff)
    staff.get_by_label("Country:").select_option("CH")
    staff.get_by_label("Rows filled in:").fill("301")
    keep_picture(staff, "a sheet is registered")
    follow(staff.get_by_role("button", name="Go on to its rows"))
    typed, page = 0, 0
    while not is_sampled(site) and page < 30:  # one row in ten, by chance
        rows = [(f"Person {page} {row}", f"Street {page} {row}") for row in range(10)]
        type_by_keyboard(staff, rows)
        typed, page = typed + len(rows), page + 1
    staff.locator("[name=form-0-name]").fill("No address")
    keep_picture(staff, "rows are typed")
    follow(staff.get_by_role("button", name="Save; the sheet is done"))
    expect(staff.get_by_text("neither an address nor an e-mail address")).to_be_visible()
    keep_picture(staff, "a row cannot be read")
    staff.locator("[name=form-0-rejected]").select_option("struck")
    follow(staff.get_by_role("button", name="Save; the sheet is done"))
    expect(staff.get_by_text("Is the sheet done?")).to_be_visible()
    follow(staff.get_by_role("button", name="Save; the sheet is done"))
    expect(staff.get_by_text(re.compile("rows? waits? for it"))).to_be_visible()
    keep_picture(staff, "a batch that was typed")

    second = colleague(browser, site, "second")
    second.goto(staff.url)
    follow(second.get_by_role("link", name="Type the sample again"))
    keep_picture(second, "a row is typed again")
    while second.get_by_role("button", name="Compare, and").count():
        second.get_by_label("Name:").fill("Somebody else")
        second.get_by_label("Address:").fill("Elsewhere")
        follow(second.get_by_role("button", name="Compare, and"))
        keep_picture(second, "a row differs")
        follow(second.get_by_role("button", name="Save mine in place of the first"))
    expect(second.get_by_text("to be settled: 0. That is 100.0 % errors at first")).to_be_visible()
    second.context.close()


def test_whoever_leaves_rows_that_are_typed_and_not_saved_is_asked_first(browser: Browser, site: LiveSite) -> None:
    page = colleague(browser, site, "careless")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{DESK}register/")
    tell_where_from(page)
    follow(page.get_by_role("button", name="Go on to its rows"))
    page.locator("[name=form-0-name]").press_sequentially("Half typed")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Batches of paper signatures").click()
    assert asked == ["beforeunload"]
    expect(page.locator("[name=form-0-name]")).to_have_value("Half typed")
    page.locator("[name=form-0-rejected]").select_option("struck")
    follow(page.get_by_role("button", name="Save; the sheet is done"))
    follow(page.get_by_role("button", name="Save; the sheet is done"))
    expect(page.get_by_text("Of this sheet so far: 0 counted, 0 known already, 1 rejected.")).to_be_visible()
    assert asked == ["beforeunload"]
    page.context.close()


def test_a_file_is_loaded_its_report_read_and_it_is_taken_back(site: LiveSite, staff: Page) -> None:
    before = count(site)
    staff.goto(f"{DESK}add/")
    tell_where_from(staff)
    staff.get_by_label("File of rows:").set_input_files(
        {"name": "rows.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    keep_picture(staff, "a file of rows")
    follow(staff.get_by_role("button", name="Save", exact=True))
    see(staff, "Nothing is counted yet")
    assert count(site) == before
    staff.get_by_label("Separator:").select_option("semicolon")
    follow(staff.get_by_role("button", name="Load it"))
    see(staff, "look at its first rows")
    staff.get_by_label("Separator:").select_option("comma")
    follow(staff.get_by_role("button", name="Read it so"))
    keep_picture(staff, "a file is looked at")
    follow(staff.get_by_role("button", name="Load it"))
    see(staff, "Take the batch back")
    keep_picture(staff, "a file is loaded")
    with staff.expect_download() as download:
        staff.get_by_role("link", name="Report on the rows").click()
    report = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in report.splitlines()[1:]] == ["3", "4", "5"]
    assert "not an e-mail address" in report
    assert count(site) == before + 1
    follow(staff.get_by_role("button", name="Take the batch back"))
    see(staff, "taken back")
    keep_picture(staff, "a batch is taken back")
    assert count(site) == before
