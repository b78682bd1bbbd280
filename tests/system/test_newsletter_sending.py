"""An issue goes to everybody once, also if it is paused half-way and a worker is killed: counted at the mail server."""

from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.live.fixtures import follow, log_in
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(600)]

NUMBER = 200
SUBSCRIBE = f"""
from campaign.supporters import subscriptions
for number in range({NUMBER}):
    subscriptions.join(address=f"reader{{number}}@example.org", language="en")
"""


def readers(site: LiveSite) -> Counter[str]:
    addresses = (address for mail in list(site.smtp_sink.mails) for address in mail.recipients)
    return Counter(address for address in addresses if address.startswith("reader"))


def in_hand(site: LiveSite) -> int:
    """How many pieces of work are with workers, or on their way to one."""
    return int(str(site.query("SELECT count(*) FROM outbox_item WHERE state IN ('published', 'running')")[0][0]))


def states(site: LiveSite) -> dict[object, object]:
    return {row[0]: row[1] for row in site.query("SELECT state, count(*) FROM pages_dispatch GROUP BY state")}


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name))


def test_an_issue_reaches_everybody_once(site: LiveSite, page: Page) -> None:
    site.query("DELETE FROM pages_dispatch RETURNING id")
    site.query("DELETE FROM supporters_subscriber RETURNING id")
    site.manage("shell", "-c", SUBSCRIBE)
    site.smtp_sink.delays["*"] = 0.2  # so that there is time to pause it
    log_in(page, "demo")
    page.goto("/admin/pages/issue/")
    press(page, "Compose from the news")
    page.get_by_label(f"Yes, send it to {NUMBER} subscribers").check()
    press(page, "Send now")
    assert site.wait_until(lambda: readers(site).total() > NUMBER // 4, seconds=60)
    site.smtp_sink.delays["*"] = 1.0  # until it is paused, which a busy machine is late to do
    press(page, "Pause")
    page.get_by_role("button", name="Resume").wait_for()
    site.smtp_sink.delays["*"] = 0.04
    assert site.wait_until(lambda: not in_hand(site), seconds=120)
    paused_at = readers(site).total()
    assert not site.wait_until(lambda: readers(site).total() > paused_at, seconds=3)
    assert NUMBER // 4 < paused_at < NUMBER
    site.smtp_sink.delays["*"] = 0.04
    press(page, "Resume")
    assert site.wait_until(lambda: readers(site).total() > max(paused_at, NUMBER // 2), seconds=60)
    site.processes["worker"].kill_all()
    site.let_leases_end()
    site.processes["worker"].start()
    assert site.wait_until(lambda: not ({"waiting"} & set(states(site)) or in_hand(site)), seconds=120)
    unknown = NUMBER - int(str(states(site).get("sent", 0)))
    assert max(readers(site).values()) == 1
    assert NUMBER - unknown <= len(readers(site)) <= NUMBER
    assert unknown <= 4
