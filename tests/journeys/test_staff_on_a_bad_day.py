"""A bad day at the letters' desk: a channel paused, letters refused, given up and of unknown fate; all of it mended."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from campaign.audit import acts
from tests.live.fixtures import follow, keep_picture, log_in
from tests.live.site import LiveSite
from tests.live.smtp_sink import SmtpSink
from tests.system.people import press, write_letters

pytestmark = [pytest.mark.system, pytest.mark.browser]

WRITER = "badday@badday.example.org"
GIVE = """
    UPDATE letters_office SET email = bioguide || '@office.example', email_given_by = 'J. Doe', email_given_on = now(),
        channels = '{email}'
"""
TAKE_AWAY = """
    UPDATE letters_office SET email = '', email_given_by = '', email_given_on = NULL, channels = '{}',
        is_email_stopped = false, email_returned_at = NULL, email_returned_because = ''
"""
PAUSE = """
    INSERT INTO letters_channelstatus (name, paused_because, paused_at, open_offices)
    VALUES ('senate_api', '401 unknown key', now(), '[]')
    ON CONFLICT (name) DO UPDATE SET paused_because = '401 unknown key', paused_at = now()
"""
RESUME = "UPDATE letters_channelstatus SET paused_because = '', paused_at = NULL"
MINE = """
    SELECT d.delivery_id FROM letters_delivery d JOIN letters_letter l ON l.id = d.letter_id
    JOIN letters_office o ON o.id = l.office_id WHERE d.id > %s ORDER BY o.bioguide, d.id
"""


def execute(site: LiveSite, statement: str, *values: object) -> None:
    with psycopg.connect(site.owner_url, autocommit=True) as connection:
        connection.execute(statement.encode(), values)


def write(site: LiveSite, address: str) -> str:
    """Where their tracking page is."""
    write_letters(site, address)
    answer = press(site, site.link(site.mails(address)[0], "/letters/confirm/"))
    return answer.headers["location"]


@pytest.fixture
def bad_day(site: LiveSite, smtp_sink: SmtpSink) -> Iterator[list[str]]:
    """Delivery IDs of a letter that is unknown, one that is dead, and two that the office's mail server refused."""
    (newest,) = site.query("SELECT coalesce(max(id), 0) FROM letters_delivery")[0]
    execute(site, GIVE)
    smtp_sink.answers |= {f"{office}@office.example": "554 5.6.0 message refused" for office in ("H001046", "L000570")}
    tracking = [write(site, WRITER), write(site, f"also-{WRITER}")]
    refused = "SELECT id FROM letters_delivery WHERE id > %s AND state = 'rejected'"
    assert site.wait_until(lambda: len(site.query(refused, newest)) == 4, seconds=60), site.last_lines()
    ids = [str(found) for (found,) in site.query(MINE, newest)]
    execute(site, "UPDATE letters_delivery SET state = 'unknown' WHERE delivery_id = %s", ids[0])
    execute(site, "UPDATE letters_delivery SET state = 'dead' WHERE delivery_id = %s", ids[2])
    execute(site, PAUSE)
    yield [*ids, *tracking]
    execute(site, TAKE_AWAY)
    execute(site, RESUME)
    execute(site, "UPDATE letters_delivery SET state = 'accepted' WHERE id > %s AND state <> 'withdrawn'", newest)


def decide(page: Page, delivery_id: str, action: str) -> None:
    page.goto("/admin/letters/delivery/?needs=staff")
    page.get_by_role("row", name=re.compile(delivery_id)).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label=action)
    page.get_by_role("button", name="Go", exact=True).or_(page.get_by_role("button", name="Run", exact=True)).click()
    expect(page.get_by_text("1 letter changed.")).to_be_visible()


def test_all_that_is_stuck_is_seen_with_its_cause_and_mended(page: Page, site: LiveSite, bad_day: list[str]) -> None:
    unknown, refused, dead, also_refused, *tracking = bad_day
    log_in(page, "demo")
    expect(page.get_by_text("it is paused: Senate API (401 unknown key)")).to_be_visible()
    keep_picture(page, "staff see a bad day")
    follow(page.get_by_role("link", name=re.compile("letters are stuck")))
    for delivery_id in (unknown, refused, dead, also_refused):
        expect(page.get_by_role("row", name=re.compile(delivery_id))).to_contain_text("554 5.6.0 message refused")
    keep_picture(page, "staff see stuck letters")
    follow(page.get_by_role("link", name=refused))
    expect(page.get_by_text("554 5.6.0 message refused")).to_be_visible()
    keep_picture(page, "staff see why a letter was refused")

    decide(page, unknown, "Mark as accepted, after asking the office")
    decide(page, dead, "Ask the constituent to send it themself")
    decide(page, refused, "Ask the constituent to send it themself")
    site.smtp_sink.answers.clear()
    decide(page, also_refused, "Send again (also after “unknown”: the office may then get it twice)")
    arrived = site.wait_until(lambda: len(site.smtp_sink.to("L000570@office.example")) == 1, seconds=60)
    assert arrived, site.last_lines()

    page.goto("/admin/letters/channelstatus/")
    page.get_by_role("row", name=re.compile("401 unknown key")).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="Resume, after the cause was mended")
    page.get_by_role("button", name="Go", exact=True).or_(page.get_by_role("button", name="Run", exact=True)).click()
    expect(page.get_by_text("Letters that waited go on.")).to_be_visible()

    page.goto("/admin/audit/entry/")
    for act in ("letter.marked-accepted", "letter.handed-to-constituent", "letter.sent-again", "channel.resumed"):
        expect(page.get_by_role("cell", name=acts.in_words(act), exact=True).first).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_text(re.compile(r"\d+ letters? (is|are) stuck"))).to_have_count(0)
    page.goto(tracking[0])
    expect(page.get_by_text("For you to send").first).to_be_visible()
    keep_picture(page, "what the constituent sees after a bad day")
