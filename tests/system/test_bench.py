"""The client of the measurements against the running site: what must be right under load, at any speed."""

import re
from itertools import islice

import pytest

from bench.load import http, loop
from bench.load.loop import Load
from bench.load.people import Person, people
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

PATH = "/petitions/end-forced-organ-harvesting/"
SIGNERS, CONNECTIONS = 120, 16
ROWS = "SELECT count(*) FROM petitions_signature"
SETTLED = f"{ROWS} WHERE state IN ('confirmed', 'held')"  # many of one network are held


def drive(site: LiveSite, requests: list[bytes]) -> Load:
    return loop.drive(site.port, iter(requests), CONNECTIONS, seconds=120)


def post_to(site: LiveSite, path: str, person: Person | None = None) -> bytes:
    return http.post(path, f"localhost:{site.port}", person.fields if person else {})


def number(site: LiveSite, statement: str) -> int:
    return int(str(site.query(statement)[0][0]))


def test_under_load_every_answer_has_its_row_and_every_count_is_right(site: LiveSite):
    signers = list(islice(people("load"), SIGNERS))
    rows, settled = number(site, ROWS), number(site, SETTLED)
    signed = drive(site, [post_to(site, PATH, signer) for signer in signers])
    assert (signed.broken, signed.answers) == (0, {302: SIGNERS})
    assert number(site, ROWS) - rows == SIGNERS

    links = [site.link(site.mails(signer.email, seconds=120)[0], "/confirm/") for signer in signers]
    confirmed = drive(site, [post_to(site, re.sub(r"^https?://[^/]+", "", link)) for link in links])
    assert (confirmed.broken, confirmed.answers) == (0, {302: SIGNERS})
    assert number(site, SETTLED) - settled == SIGNERS

    counted = number(site, f"{ROWS} WHERE state = 'confirmed'")
    assert site.wait_until(lambda: site.http.get(f"{PATH}count.json").json()["count"] == counted, seconds=60)
    assert "Every count equals the rows" in site.manage("recount", "--check")
