"""Workers killed while letters leave, by mail and by the Senate's system: the short form of bench/letters/chaos.py."""

from collections import Counter
from collections.abc import Iterator, Mapping

import psycopg
import pytest

from bench.letters import chaos
from bench.letters.senate import OPEN_OFFICES, settings
from campaign.standalone import site as processes
from campaign.standalone.process import Process
from tests.letters.senate_stub import SenateStub
from tests.live.fixtures import free_port
from tests.live.site import LiveSite, finish
from tests.live.smtp_sink import SmtpSink

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

GIVE = "UPDATE letters_office SET email = %s, email_given_by = %s, email_given_on = now() WHERE state = 'TX'"
TAKE_AWAY = "UPDATE letters_office SET email = '', email_given_by = '', email_given_on = NULL WHERE state = 'TX'"
MINE = """
    SELECT delivery_id, d.channel, d.state FROM letters_delivery d JOIN letters_letter l ON l.id = d.letter_id
    WHERE d.id > %s
"""
LETTERS = 40  # by each way


def execute(site: LiveSite, statement: str, *values: object) -> None:
    with psycopg.connect(site.settings["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement.encode(), values)


@pytest.fixture
def senate(tmp_path) -> Iterator[SenateStub]:
    stub = SenateStub(free_port(), tmp_path)
    stub.start()
    yield stub
    stub.stop()


@pytest.fixture
def surroundings(site: LiveSite, senate: SenateStub) -> Iterator[Mapping[str, str]]:
    """Texas by mail, New Mexico by the Senate's system."""
    execute(site, GIVE, "mail@office.example", "J. Doe")
    execute(site, OPEN_OFFICES)
    yield {**site.settings, **settings(senate), "LETTER_CHANNELS": "senate_api,email"}
    execute(site, TAKE_AWAY)
    execute(site, "UPDATE letters_channelstatus SET open_offices = '[]', quiet_until = NULL")


def fill(site: LiveSite, surroundings: Mapping[str, str], state: str) -> None:
    options = ["--number", str(LETTERS), "--tag", f"survive{state}", "--state", state]
    command = [processes.PYTHON, "-m", "bench.within", "bench.letters.filling", *options]
    filling = Process("filling", command, surroundings, site.log / "filling.log")
    filling.start()
    finish(filling)


def test_letters_survive_the_death_of_workers_and_none_arrives_twice(
    site: LiveSite, senate: SenateStub, smtp_sink: SmtpSink, surroundings: Mapping[str, str]
) -> None:
    (newest,) = site.query("SELECT coalesce(max(id), 0) FROM letters_delivery")[0]
    site.processes["worker"].stop()
    smtp_sink.delays["mail@office.example"] = 0.2
    fill(site, surroundings, "TX")
    fill(site, surroundings, "NM")
    worker = processes.worker(surroundings, site.log, concurrency=2)
    worker.start()

    def fate() -> chaos.Fate:
        seen = Counter(mail.message["Message-ID"][1:33] for mail in smtp_sink.to("mail@office.example"))
        return chaos.Fate(site.query(MINE, newest), seen + Counter(senate.ids))

    try:
        kills = chaos.kill_often(worker, site.wait_until, lambda: not fate().unsettled, seconds=12)
        assert kills
        site.let_leases_end()
        assert site.wait_until(lambda: not fate().unsettled, seconds=200), (fate().states, worker.last_lines())
    finally:
        worker.stop()
    end = fate()
    assert (end.lost, end.untold, end.twice) == ([], [], [])
    assert len(list(end.rows)) == 2 * LETTERS
    assert set(senate.ids) <= {one for one, channel, _state in end.rows if channel == "senate_api"}
    assert end.states["accepted"] > LETTERS
