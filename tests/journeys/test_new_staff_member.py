"""Somebody's first day on the staff: the five things that staff do most, from the welcome page and by what it says."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.live.fixtures import follow
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(400)]

READERS = 60
SUBSCRIBE = f"""
from campaign.supporters import subscriptions
for number in range({READERS}):
    subscriptions.join(address=f"first-day-{{number}}@example.org", language="en")
"""


def welcome(page: Page, link: str) -> None:
    page.goto("/admin/")
    follow(page.get_by_role("link", name="The five things that staff do most"))
    follow(page.locator(".welcome").get_by_role("link", name=link, exact=True))


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_first_page_has_room_for_its_words(staff: Page, width: int) -> None:
    staff.set_viewport_size({"width": width, "height": 800})
    staff.goto("/admin/")
    needs = staff.locator(".needs").bounding_box()
    assert needs is not None
    assert needs["width"] > 0.5 * width


def test_an_action_list_is_put_in_another_order(staff: Page) -> None:
    welcome(staff, "Action lists")
    follow(staff.get_by_role("link", name="Organisations"))
    staff.locator("tr.form-row:not(.empty-form)").nth(1).get_by_role("button", name="Move up").press("Enter")
    press(staff, "Save")
    staff.goto("/how-you-can-help/organisations/")
    expect(staff.locator(".actions h2").first).to_have_text("Investigate independently")


def test_an_entry_is_translated_and_shown(staff: Page) -> None:
    welcome(staff, "Action lists")
    follow(staff.get_by_role("link", name="Schools and media"))
    follow(staff.locator("#actions-group").get_by_role("link", name="Change", exact=True).first)
    follow(staff.get_by_role("link", name="Translations"))
    follow(staff.get_by_role("link", name="Français"))
    staff.locator("[lang=fr][name$=-title]").fill("Parlez-en à l’école")
    staff.get_by_label("Show this translation to visitors").check()
    press(staff, "Save")
    expect(staff.get_by_text("The translation was saved.")).to_be_visible()
    staff.goto("/fr/how-you-can-help/schools-and-media/")
    expect(staff.get_by_role("heading", name="Parlez-en à l’école")).to_be_visible()


def test_a_statement_with_two_cosigners_appears_at_its_time(staff: Page, site: LiveSite) -> None:
    welcome(staff, "Add a news item")
    staff.get_by_label("Category").select_option(label="Statement")
    staff.get_by_label("Title:", exact=True).fill("Statement of the first day")
    staff.get_by_label("Summary").fill("Three organisations say together what they ask for.")
    for place, name in enumerate(["First Organisation", "Second Organisation"]):
        staff.get_by_role("button", name="Add another Co-signer").click()
        row = staff.locator(f"#cosigners-{place}")
        row.get_by_label("Organisation").fill(name)
        row.locator(f"[name=cosigners-{place}-email]").fill(f"press{place}@example.org")
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=12)
    staff.locator("[name=publish_at_0]").fill(moment.strftime("%Y-%m-%d"))
    staff.locator("[name=publish_at_1]").fill(moment.strftime("%H:%M:%S"))
    staff.get_by_label("State:", exact=True).select_option(label="Published")
    press(staff, "Save")
    path = "/news/statement-of-the-first-day/"
    assert site.http.get(path).status_code == 404 or datetime.now(UTC) >= moment
    assert site.wait_until(lambda: site.http.get(path).status_code == 200, seconds=60)
    assert datetime.now(UTC) >= moment
    staff.goto(path)
    expect(staff.locator(".person h3")).to_have_text(["First Organisation", "Second Organisation"])


def lede_of(staff: Page, path: str) -> str:
    """As a visitor sees it now; a finished page is shown again for a moment after a change."""
    staff.goto(path)
    return staff.locator(".hero .lede").inner_text()


def test_an_old_version_is_brought_back(staff: Page, site: LiveSite) -> None:
    welcome(staff, "Pages")
    follow(staff.get_by_role("link", name="Contact", exact=True))
    was = staff.get_by_label("Lede").input_value()
    staff.get_by_label("Lede").fill("Written by mistake.")
    press(staff, "Save")
    assert site.wait_until(lambda: lede_of(staff, "/contact/") == "Written by mistake.", seconds=60)
    welcome(staff, "Pages")
    follow(staff.get_by_role("link", name="Contact", exact=True))
    follow(staff.get_by_role("link", name="History"))
    follow(staff.get_by_role("link", name="Differences").first)
    expect(staff.locator("ins", has_text="mistake")).to_be_visible()
    follow(staff.get_by_role("link", name="All versions"))
    press(staff, "Bring back")
    assert site.wait_until(lambda: lede_of(staff, "/contact/") == was, seconds=60)


def test_an_issue_is_sent_paused_resumed_and_its_result_read(staff: Page, site: LiveSite) -> None:
    site.manage("shell", "-c", SUBSCRIBE)
    ready = int(str(site.query("SELECT count(*) FROM supporters_subscriber WHERE state = 'confirmed'")[0][0]))
    site.smtp_sink.delays["*"] = 0.5  # so that there is time to pause it
    welcome(staff, "Newsletter")
    press(staff, "Compose from the news")
    staff.get_by_label(re.compile(f"Yes, send it to {ready} subscriber")).check()
    press(staff, "Send now")
    assert site.wait_until(lambda: readers(site).total() >= READERS // 4, seconds=60)
    press(staff, "Pause")
    expect(staff.get_by_role("heading", name="Sending: paused")).to_be_visible()
    site.smtp_sink.delays.clear()
    press(staff, "Resume")
    assert site.wait_until(lambda: not open_dispatches(site), seconds=180)
    staff.reload()
    expect(staff.get_by_role("row", name=f"Sent {ready}")).to_be_visible()
    assert readers(site) == dict.fromkeys((f"first-day-{number}@example.org" for number in range(READERS)), 1)


def readers(site: LiveSite) -> Counter[str]:
    addresses = (address for mail in list(site.smtp_sink.mails) for address in mail.recipients)
    return Counter(address for address in addresses if address.startswith("first-day"))


def open_dispatches(site: LiveSite) -> list[tuple[object, ...]]:
    return site.query("SELECT 1 FROM pages_dispatch WHERE state IN ('waiting', 'sending') LIMIT 1")
