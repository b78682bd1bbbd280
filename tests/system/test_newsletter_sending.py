"""An issue goes to everybody once, also if it is paused half-way and a worker is killed: counted at the mail server."""

from collections import Counter
from time import sleep

import pytest
from playwright.sync_api import Page

from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(400)]

NUMBER = 200
SUBSCRIBE = f"""
from campaign.supporters import subscribing
for number in range({NUMBER}):
    subscribing.join(address=f"reader{{number}}@example.org", language="en")
"""


def readers(site: LiveSite) -> Counter[str]:
    addresses = (address for mail in list(site.smtp_sink.mails) for address in mail.recipients)
    return Counter(address for address in addresses if address.startswith("reader"))


def states(site: LiveSite) -> dict[object, object]:
    return {row[0]: row[1] for row in site.query("SELECT state, count(*) FROM pages_dispatch GROUP BY state")}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_an_issue_reaches_everybody_once(site: LiveSite, page: Page) -> None:
    site.manage("shell", "-c", SUBSCRIBE)
    site.smtp_sink.delays["*"] = 0.04
    page.goto("/admin/")
    page.get_by_label("Username").fill("demo")
    page.get_by_label("Password").fill("password-of-the-tests")
    press(page, "Log in")
    page.goto("/admin/pages/issue/")
    press(page, "Compose from the news")
    page.get_by_label(f"Yes, send it to {NUMBER} subscribers").check()
    press(page, "Send now")
    site.wait_until(lambda: readers(site).total() > NUMBER // 4, seconds=60)
    press(page, "Pause")
    sleep(3)
    paused_at = readers(site).total()
    sleep(3)
    assert NUMBER // 4 < readers(site).total() == paused_at < NUMBER
    press(page, "Resume")
    site.wait_until(lambda: readers(site).total() > NUMBER // 2, seconds=60)
    site.processes["worker"].kill_all()
    site.processes["worker"].start()
    site.wait_until(lambda: not {"waiting"} & set(states(site)), seconds=120)
    unknown = NUMBER - int(str(states(site).get("sent", 0)))
    assert max(readers(site).values()) == 1
    assert NUMBER - unknown <= len(readers(site)) <= NUMBER
    assert unknown <= 4
