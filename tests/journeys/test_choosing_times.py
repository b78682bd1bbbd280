"""Whoever chooses a day and a time sees what that is for them, whether it has passed, and the change of clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.fixtures import follow, keep_picture, log_in, watch
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def berlin(browser: Browser, site: LiveSite) -> Iterator[Page]:
    """Logged in, with a browser that keeps Berlin's time."""
    context = browser.new_context(base_url=site.url, locale="en-GB", timezone_id=BERLIN.key)
    page = context.new_page()
    complaints = watch(page)
    log_in(page, "demo")
    yield page
    assert complaints == []
    context.close()


def open_times(page: Page) -> None:
    page.goto("/admin/petitions/petition/")
    follow(page.locator("#result_list tbody th a").first)
    page.locator("#id_closes_at_0").scroll_into_view_if_needed()


def next_change_of_clocks() -> datetime:
    """Noon in Berlin, on the first day that has another offset from UTC than this moment."""
    now = datetime.now(BERLIN)
    noons = (now.replace(hour=12) + timedelta(days=number) for number in range(366))
    return next(noon for noon in noons if noon.utcoffset() != now.utcoffset())


def choose(page: Page, day: date, time: str) -> None:
    page.locator("#id_closes_at_0").fill(day.isoformat())
    page.locator("#id_closes_at_1").fill(time)


def beside(page: Page) -> str:
    return page.locator(".field-closes_at .moment").inner_text()


def test_the_own_time_stands_beside_utc_with_the_change_of_clocks_before_it(berlin: Page) -> None:
    open_times(berlin)
    summer = date(datetime.now(UTC).year + 1, 7, 1)
    changes_on = next_change_of_clocks()
    choose(berlin, summer, "10:00:00")
    assert f"UTC. In Europe/Berlin: {summer:%a}, 1 July {summer.year} at 12:00." in beside(berlin)
    assert f"Clocks there change before then, on {changes_on.day} {changes_on:%B %Y}." in beside(berlin)
    keep_picture(berlin, "staff choose a time")


def test_the_own_time_stands_beside_what_is_typed_into_a_new_item_in_another_way(berlin: Page) -> None:
    berlin.goto("/admin/pages/newsitem/add/")
    berlin.locator("#id_publish_at_0").fill("2.7.2030")
    berlin.locator("#id_publish_at_1").fill("9 Uhr")
    expect(berlin.locator(".field-publish_at .moment")).to_contain_text("Tue, 2 July 2030 at 11:00")


def test_a_time_tomorrow_has_no_change_of_clocks_worth_a_word(berlin: Page) -> None:
    """Unless the clocks change tonight."""
    open_times(berlin)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    choose(berlin, tomorrow.date(), "10:00:00")
    is_changing = berlin.evaluate(
        "new Date().getTimezoneOffset() !== new Date(Date.now() + 2 * 864e5).getTimezoneOffset()"
    )
    assert is_changing or "Clocks" not in beside(berlin)


def test_a_time_that_has_passed_is_said_before_and_after_saving(berlin: Page) -> None:
    berlin.goto("/admin/pages/newsitem/")
    follow(berlin.locator("#result_list tbody th a").first)
    berlin.locator("#id_publish_at_0").fill("2020-02-29")
    berlin.locator("#id_publish_at_1").fill("23:30:00")
    told = berlin.locator(".field-publish_at .moment")
    expect(told).to_contain_text("Sun, 1 March 2020")
    expect(told).to_contain_text("That has passed.")
    follow(berlin.get_by_role("button", name="Save", exact=True))
    expect(berlin.locator(".messagelist .warning")).to_contain_text("has passed: it holds from now on")


def test_the_foot_of_every_page_says_what_time_it_is(berlin: Page) -> None:
    berlin.goto("/admin/")
    expect(berlin.locator("#footer")).to_contain_text("All times are in UTC. It is ")
    expect(berlin.locator("#footer")).to_contain_text("in Europe/Berlin")
