"""A mail server that takes its time: the work is shared among all processes, and nothing ends a batch in its middle."""

import pytest

from tests.live.site import LiveSite
from tests.live.smtp_sink import SmtpSink
from tests.system.people import sign

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

MAILS, SECONDS, PROCESSES = 16, 3.0, 2


def test_mail_to_a_slow_server_is_shared_among_the_processes(site: LiveSite, smtp_sink: SmtpSink) -> None:
    site.processes["relay"].stop()
    smtp_sink.delays["*"] = SECONDS
    newest = site.query("SELECT coalesce(max(id), 0) FROM outbox_item")[0][0]
    addresses = [f"slow{number}@slow{number}.example.org" for number in range(MAILS)]
    for address in addresses:
        assert sign(site, address).status_code == 302
    site.processes["relay"].start()
    all_sent = lambda: all(smtp_sink.to(address) for address in addresses)  # noqa: E731
    assert site.wait_until(all_sent, seconds=90), site.last_lines()
    times = sorted(mail.received_at for mail in smtp_sink.mails)
    assert times[-1] - times[0] < MAILS * SECONDS * 0.75
    assert {len(smtp_sink.to(address)) for address in addresses} == {1}, site.last_lines()
    waiting = "SELECT id FROM outbox_item WHERE kind = 'petitions.confirmation' AND id > %s"
    assert site.query(waiting, newest) == []
