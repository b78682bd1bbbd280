"""A mail server that takes its time: the work is shared among all processes, and nothing ends a batch in its middle."""

from itertools import pairwise

import pytest

from tests.live.site import LiveSite
from tests.live.smtp_sink import SmtpSink
from tests.system.people import sign

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

MAILS, SECONDS = 16, 3.0


def test_mail_to_a_slow_server_is_shared_among_the_processes(site: LiveSite, smtp_sink: SmtpSink) -> None:
    site.processes["relay"].stop()
    smtp_sink.delays["*"] = SECONDS
    newest = site.query("SELECT coalesce(max(id), 0) FROM outbox_item")[0][0]
    addresses = [f"slow{number}@slow{number}.example.org" for number in range(MAILS)]
    for address in addresses:
        assert sign(site, address).status_code == 302
    site.processes["relay"].start()
    all_sent = lambda: all(smtp_sink.to(address) for address in addresses)  # noqa: E731
    assert site.wait_until(all_sent, seconds=180), site.last_lines()
    waiting = "SELECT id FROM outbox_item WHERE kind = 'petitions.confirmation' AND id > %s"
    assert site.wait_until(lambda: site.query(waiting, newest) == [], seconds=60), site.last_lines()
    times = sorted(mail.received_at for mail in smtp_sink.mails)
    at_once = [later for earlier, later in pairwise(times) if later - earlier < SECONDS * 0.9]
    assert len(at_once) >= MAILS // 4, times  # one process alone never has two in less than SECONDS
    assert {len(smtp_sink.to(address)) for address in addresses} == {1}, site.last_lines()
