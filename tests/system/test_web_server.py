"""The server in front of Django: what no client of Django's tests can send, and what happens to its processes."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from standalone import run
from standalone import site as processes
from standalone.ports import unused_port
from standalone.supervision.process import wait_until
from tests.live.site import LiveSite
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

POST = b"POST /newsletter/ HTTP/1.1"
FORM = b"Content-Type: application/x-www-form-urlencoded"


def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([line, b"Host: localhost", *headers, b"", body])


BROKEN = {
    "not http": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "a length below nothing": (request(POST, b"Content-Length: -4"), 400),
    "two lengths": (request(POST, b"Content-Length: 4", b"Content-Length: 5", body=b"abcde"), 400),
    "a length beyond numbers": (request(POST, b"Content-Length: " + b"9" * 40), 400),
    "too many headers": (request(b"GET / HTTP/1.1", *[b"X-A: a"] * 300), 431),
    "an address too long": (request(b"GET /" + b"a" * 70_000 + b" HTTP/1.1"), 414),
    "bytes that are no text": (request(b"GET /a%ff%fe HTTP/1.1"), 404),
    "an Origin that is no text": (request(POST, b"Origin: \xff\xfe", b"Content-Length: 0"), 403),
    "a method that there is not": (request(b"BREW / HTTP/1.1"), 405),
    "a chunk without a length": (
        request(POST, FORM, b"Transfer-Encoding: chunked", body=b"ZZ\r\nemail=a\r\n0\r\n\r\n"),
        303,
    ),
}


def status_of(site: LiveSite, sent: bytes) -> int:
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        with suppress(ConnectionError):  # the server may answer, and go, before it has read all of it
            connection.sendall(sent)
        return int(connection.recv(1 << 16)[9:12])


@pytest.mark.parametrize("what", BROKEN)
def test_broken_requests_get_an_answer_that_says_so(site: LiveSite, what: str) -> None:
    sent, status = BROKEN[what]
    assert status_of(site, sent) == status


FIELDS = {"name": "Ana Example", "email": "half-sent@example.org", "country": "DE"}
BOUNDARY = "----part"
IN_PARTS = "".join(
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in FIELDS.items()
)
HALF_SENT = {
    FORM: urlencode(FIELDS).encode(),
    f"Content-Type: multipart/form-data; boundary={BOUNDARY}".encode(): f"{IN_PARTS}--{BOUNDARY}\r\n".encode(),
}


@pytest.mark.parametrize("kind", HALF_SENT)
def test_a_form_that_came_in_part_signs_nothing(site: LiveSite, kind: bytes) -> None:
    """Even where the part that came holds all that signing needs."""
    body, refusal = HALF_SENT[kind], "the form ended before all of it had come"
    line = f"POST {PETITION} HTTP/1.1".encode()
    log = site.log / "web.log"
    refusals, signatures = log.read_text().count(refusal), site.query("SELECT count(*) FROM petitions_signature")
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        connection.sendall(request(line, kind, f"Content-Length: {len(body) + 20}".encode(), body=body))
    assert site.wait_until(lambda: log.read_text().count(refusal) > refusals, seconds=60), site.last_lines()
    assert site.query("SELECT count(*) FROM petitions_signature") == signatures


def children(pid: int) -> list[int]:
    answer = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in answer.stdout.split()]


def is_serving(pid: int) -> bool:
    """It takes its processor when it begins to."""
    try:
        return len(os.sched_getaffinity(pid)) == 1
    except ProcessLookupError:
        return False


def serving_children(site: LiveSite, pid: int) -> list[int]:
    """Both of them, also after an earlier test has ended one."""
    assert site.wait_until(lambda: [is_serving(child) for child in children(pid)] == [True, True], seconds=60)
    return children(pid)


def test_killed_processes_of_the_server_are_replaced(site: LiveSite) -> None:
    server = site.processes["web"].running
    assert server
    killed = serving_children(site, server.pid)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert site.wait_until(lambda: not set(killed) & set(children(server.pid)), seconds=60)
    assert site.wait_until(lambda: run.answers(site.port), seconds=60)
    assert server.poll() is None


def test_a_process_that_dies_again_and_again_takes_nobody_along(site: LiveSite) -> None:
    """Each time within five seconds of its start, which granian by itself takes for a reason to end."""
    server = site.processes["web"].running
    assert server
    dying, healthy = serving_children(site, server.pid)
    for _ in range(3):
        os.kill(dying, signal.SIGKILL)
        dying = new_child(site, server.pid, than={dying, healthy})
        assert site.http.get("/healthz").status_code == 200
    assert site.wait_until(lambda: is_serving(dying), seconds=60)
    assert healthy in children(server.pid)
    assert server.poll() is None
    assert site.processes["web"].last_lines(100).count("Unexpected exit") >= 3


def new_child(site: LiveSite, pid: int, *, than: set[int]) -> int:
    assert site.wait_until(lambda: len(set(children(pid)) - than) == 1, seconds=60), site.last_lines()
    return (set(children(pid)) - than).pop()


def test_a_server_of_which_no_process_can_begin_says_so_and_ends(tmp_path: Path) -> None:
    """As when settings are wrong: whoever started it must see it."""
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | {"SECRET_KEY": "weak"}
    web = processes.web(environment, tmp_path, unused_port())
    web.start()
    assert wait_until(lambda: not web.is_running(), seconds=120), web.last_lines()
    assert web.exit_code()
    assert "too weak for production: SECRET_KEY" in web.last_lines(100)


def test_processes_of_the_server_do_not_share_a_processor(site: LiveSite) -> None:
    server = site.processes["web"].running
    assert server
    everywhere = os.sched_getaffinity(0)
    pinned = [os.sched_getaffinity(pid) for pid in serving_children(site, server.pid)]
    assert len(set().union(*pinned)) == min(2, len(everywhere))


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="there is one processor")
def test_processes_are_left_where_they_are_if_a_setting_says_so() -> None:
    code = "import os, campaign.wsgi; print(len(os.sched_getaffinity(0)))"
    for setting, processors in (("1", 1), ("0", len(os.sched_getaffinity(0)))):
        environment = {**os.environ, "PIN_PROCESSES": setting}
        assert subprocess.check_output([sys.executable, "-c", code], env=environment, text=True).strip() == str(
            processors
        )


def test_settings_are_in_no_request() -> None:
    """The server copies its environment into each."""
    code = "import os, campaign.wsgi; print(sorted({'SECRET_KEY', 'FIELD_KEYS', 'DATABASE_URL'} & set(os.environ)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_its_processes_tell_the_same_numbers_whichever_of_them_is_asked(site: LiveSite) -> None:
    counted = re.compile(r'web_answers_total\{method="GET",status="404",view="pages:page"\} (\d+)')

    def told() -> int:
        found = counted.search(site.http.get("/metrics").text)
        return int(found[1]) if found else 0

    before = told()
    for number in range(20):
        assert site.http.get(f"/petitions/no-such-{number}/x/y/").status_code == 404
    assert {told() for _ in range(10)} == {before + 20}
