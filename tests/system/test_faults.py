"""Real processes, ended at bad moments: nothing lost, nothing twice."""

import os
import shutil
import signal
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from petitions.signing.fraud_checks import PER_NETWORK
from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite
from tests.live.smtp_sink import SmtpSink
from tests.system.people import PETITION, press, sign, write_letters

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

SPELLINGS = [
    "ana.many@gmail.com", "anamany@gmail.com", "a.n.a.many@gmail.com", "ANA.MANY@GMAIL.COM", "ana.many+un@gmail.com",
    "anamany+petition@gmail.com", "anamany@googlemail.com", "Ana.Many@GoogleMail.com", "ana.many+x@googlemail.com",
    "an.amany@gmail.com",
]  # fmt: skip


def kill(site: LiveSite, name: str) -> None:
    """SIGKILL to the process and all its children."""
    running = site.processes[name].running
    assert running
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def newest_delivery(site: LiveSite) -> object:
    return site.query("SELECT coalesce(max(id), 0) FROM letters_delivery")[0][0]


def newest_item(site: LiveSite) -> object:
    return site.query("SELECT coalesce(max(id), 0) FROM outbox_item")[0][0]


def states_after(site: LiveSite, newest: object) -> Counter[object]:
    """Of the deliveries that are newer; earlier tests on this site had letters of their own."""
    return Counter(state for (state,) in site.query("SELECT state FROM letters_delivery WHERE id > %s", newest))


def count_of_mails(sink: SmtpSink, prefix: str) -> Counter[str]:
    return Counter(one for mail in list(sink.mails) for one in mail.recipients if one.startswith(prefix))


def test_redis_killed_and_restarted_empty_loses_nothing_and_repeats_nothing(
    site: LiveSite, redis_server: RedisServer, smtp_sink: SmtpSink
) -> None:
    addresses = [f"fault{number}@fault{number}.example.org" for number in range(50)]
    writers = [f"writer{number}@example.org" for number in range(20)]
    newest = newest_delivery(site)
    for number, address in enumerate(addresses):
        assert sign(site, address).status_code == 302
        if number == 20:
            redis_server.kill()
    for address in writers[:10]:
        assert write_letters(site, address).status_code == 200
    redis_server.process.stop()
    redis_server.start()
    for address in writers[10:]:
        assert write_letters(site, address).status_code == 200
    redis_server.empty()
    for writer in writers:
        press(site, site.link(site.mails(writer, seconds=120)[0], "/letters/confirm/"))
    redis_server.empty()
    have_arrived = site.wait_until(lambda: states_after(site, newest) == {"accepted": 40}, seconds=120)
    assert have_arrived, (states_after(site, newest), site.last_lines())
    assert site.wait_until(lambda: len(count_of_mails(smtp_sink, "fault")) == 50, seconds=120)
    assert set(count_of_mails(smtp_sink, "fault").values()) == {1}
    assert site.query("SELECT count(*) FROM letters_attempt WHERE delivery_id > %s", newest) == [(40,)]


def test_limits_hold_while_redis_is_away(site: LiveSite, redis_server: RedisServer) -> None:
    redis_server.kill()
    number = PER_NETWORK.burst + 5
    with httpx.Client(base_url=site.url, headers={"X-Forwarded-For": "198.51.100.9"}, timeout=30) as one_network:
        fields = [{"name": "Ana", "email": f"away@away{n}.example.org", "country": "IS"} for n in range(number)]
        assert {one_network.post(PETITION, data=typed).status_code for typed in fields} == {302}
        told = {one_network.post("/petitions/mine/", data={"email": typed["email"]}).status_code for typed in fields}
    assert told == {302}
    held = "SELECT count(*) FROM petitions_signature WHERE country = 'IS' AND hold_reason = 'network'"
    assert site.query(held) == [(5,)]


def confirmations_after(site: LiveSite, newest: object) -> int:
    """How many wait or are in hand; those of earlier tests may wait for their next attempt."""
    return len(site.query("SELECT id FROM outbox_item WHERE kind = 'petitions.confirmation' AND id > %s", newest))


def test_two_hundred_parallel_posts_of_one_address_are_one_row_one_mail_and_equal_answers(
    site: LiveSite, smtp_sink: SmtpSink
) -> None:
    def post(number: int) -> tuple[int, str, tuple[tuple[str, str], ...], str]:
        with httpx.Client(base_url=site.url, timeout=60) as http:
            data = {"name": "Ana Many", "email": SPELLINGS[number % 10], "country": "DE"}
            answer = http.post(PETITION, data=data)
            headers = {name: value for name, value in answer.headers.items() if name not in {"date", "location"}}
            return (
                answer.status_code,
                answer.headers["location"].split("?")[0],
                tuple(sorted(headers.items())),
                answer.text,
            )

    newest = newest_item(site)
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(post, range(200)))
    assert len(set(answers)) == 1, Counter(answers)
    assert answers[0][0] == 302
    assert site.wait_until(lambda: confirmations_after(site, newest) == 0, seconds=120), site.last_lines()
    spellings = {spelling.lower() for spelling in SPELLINGS}
    got = [one for mail in list(smtp_sink.mails) for one in mail.recipients if one.lower() in spellings]
    assert len(got) == 1


def pg_dump_of(site: LiveSite) -> str:
    """Of the server's own version where it is on this machine: an older one refuses."""
    folder = site.query("SELECT setting FROM pg_config WHERE name = 'BINDIR'")[0][0]
    found = shutil.which("pg_dump", path=f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert found, "no pg_dump on this machine"
    return found


def test_a_dump_and_all_settings_do_not_hold_a_signer_in_readable_form(site: LiveSite) -> None:
    sign(site, "canary.bird@canary.example.org", "Canarina Birdsong")
    press(site, site.link(site.mails("canary.bird@canary.example.org")[0], "/petitions/confirm/"))
    dump = subprocess.run([pg_dump_of(site), site.owner_url], capture_output=True, text=True, check=True).stdout + repr(
        sorted(site.settings.items())
    )
    assert "COPY public.petitions_signature" in dump
    for word in ("canary", "canarina", "birdsong"):
        assert word not in dump.lower()
    people = site.manage("unseal", "end-forced-organ-harvesting", "--key", "var/demo/petition.key")
    assert "Canarina Birdsong,canary.bird@canary.example.org," in people


def test_a_worker_killed_with_work_in_hand_loses_none_of_it(site: LiveSite, smtp_sink: SmtpSink) -> None:
    smtp_sink.delays["*"] = 0.2
    addresses = [f"killed{number}@killed{number}.example.org" for number in range(30)]
    for address in addresses:
        sign(site, address)
    assert site.wait_until(lambda: len(count_of_mails(smtp_sink, "killed")) > 3, seconds=60)
    kill(site, "worker")
    site.let_leases_end()
    smtp_sink.delays.clear()
    site.processes["worker"].start()
    assert site.wait_until(lambda: len(count_of_mails(smtp_sink, "killed")) == 30, seconds=150), site.last_lines()
    assert max(count_of_mails(smtp_sink, "killed").values()) <= 2
    ids = {(mail.recipients, mail.message["Message-ID"]) for mail in list(smtp_sink.mails)}
    assert len(ids) == len({recipients for recipients, _ in ids})


def shown_count(site: LiveSite) -> int:
    return int(site.http.get(f"{PETITION}count.json").json()["count"])


def test_the_count_follows_and_equals_the_rows(site: LiveSite) -> None:
    before = shown_count(site)
    for number in range(5):
        sign(site, f"counted{number}@counted.example.org")
        press(site, site.link(site.mails(f"counted{number}@counted.example.org")[0], "/petitions/confirm/"))
    assert site.wait_until(lambda: shown_count(site) >= before + 5, seconds=60), site.last_lines()
    assert "equals" in site.manage("recount", "--check")


def test_terminated_database_connections_are_made_again_within_seconds(site: LiveSite) -> None:
    of_this_site = "datname = current_database() AND application_name = 'campaign'"  # others share the server
    sessions = f"FROM pg_stat_activity WHERE {of_this_site}"
    site.query(f"SELECT count(pg_terminate_backend(pid, 60000)) {sessions}")  # and waits until they are gone
    codes = [sign(site, f"back{number}@back.example.org").status_code for number in range(20)]
    assert codes[-10:] == [302] * 10
    assert set(codes) <= {302, 503}


def test_a_frozen_worker_is_not_seen_and_is_seen_again_once_it_goes_on(site: LiveSite) -> None:
    def last_seen() -> float:
        return float(
            site.query("SELECT extract(epoch FROM now() - max(seen_at)) FROM outbox_heartbeat WHERE part = 'worker'")[
                0
            ][0]
        )

    running = site.processes["worker"].running
    assert running
    os.killpg(running.pid, signal.SIGSTOP)
    try:
        assert site.wait_until(lambda: last_seen() > 15, seconds=90)
    finally:
        os.killpg(running.pid, signal.SIGCONT)
    assert site.wait_until(lambda: last_seen() < 11, seconds=60), site.last_lines()
