"""`manage.py setup` as somebody at a terminal uses it: wrong answers are asked again; at the end there is a site."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign import env_file
from campaign.environment import ROOT
from standalone.ports import unused_port
from tests.live.redis_server import RedisServer
from tests.live.site import create_database, drop_database

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


class Terminal:
    """A person before a command: reads until what they wait for, and types."""

    def __init__(self, *command: str, environment: dict[str, str]) -> None:
        mine, its = pty.openpty()
        self.screen, self.read_to, self.descriptor = "", 0, mine
        self.process = subprocess.Popen(
            command, stdin=its, stdout=its, stderr=its, cwd=ROOT, env=environment, start_new_session=True
        )
        os.close(its)

    def wait_for(self, words: str, *, seconds: float = 300) -> None:
        """Read until `words` stand behind what was waited for before."""
        until = time.monotonic() + seconds
        while (found := self.screen.find(words, self.read_to)) < 0:
            assert time.monotonic() < until, self.screen
            self.read()
        self.read_to = found + len(words)

    def read(self) -> None:
        if select.select([self.descriptor], [], [], 0.2)[0]:
            try:
                self.screen += os.read(self.descriptor, 4096).decode(errors="replace")
            except OSError:  # it has ended
                assert self.process.wait(30) is not None
                self.screen += "[end]"

    def type(self, line: str) -> None:
        os.write(self.descriptor, f"{line}\n".encode())

    def answer(self, question: str, *lines: str) -> None:
        for line in lines:
            self.wait_for(question)
            self.type(line)


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    """A database without tables, and its two roles."""
    server_url = os.environ["DATABASE_URL"]
    made = create_database(server_url, template="template1")
    yield made
    drop_database(server_url, made)


def test_a_site_is_set_up_by_answering(urls: dict[str, str], live_redis: RedisServer, tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment["STATIC_FOLDER"] = str(tmp_path / "static")
    person = Terminal(sys.executable, "manage.py", "setup", "--file", str(file), environment=environment)
    nowhere = f"postgresql://ana:x@127.0.0.1:{unused_port()}/campaign"
    person.answer("Public address", "www.example.org", "https://www.example.org")
    person.answer("Database, as the site's own role", nowhere, urls["DATABASE_URL"])
    person.answer("Redis", f"redis://127.0.0.1:{unused_port()}", live_redis.url)
    person.answer("Mail server", "mail.example.org", "smtp://127.0.0.1:2525")
    person.answer("Sender of all mail", "no address", "", "A Coalition <post@example.org>")
    person.answer("Network of the proxy", "127.0.0.1/8/8", "")
    for name in ("MEDIA_FOLDER", "KEY_FOLDER", "JOURNAL_FOLDER"):
        person.answer(name, str(tmp_path / name))
    person.answer("The same database, as its owner", urls["OWNER_DATABASE_URL"])
    person.answer("Username", "ana")
    person.answer("Email", "ana@example.org")
    person.answer("Password", "a long one of the tests")
    person.answer("Password (again)", "a long one of the tests")
    person.wait_for("What is left")
    person.wait_for("every migration is applied")
    person.wait_for("still to be done")
    person.wait_for("[end]")

    kept = env_file.read(file)
    assert file.stat().st_mode & 0o077 == 0
    assert kept["SITE_URL"] == "https://www.example.org"
    assert kept["TRUSTED_PROXIES"] == "127.0.0.1"
    assert len(kept["ADDRESS_HASH_KEY"]) >= 50
    assert "OWNER_DATABASE_URL" not in kept
    password = re.search(r":([^:@]+)@", urls["DATABASE_URL"])
    assert password
    assert password[1] not in person.screen
    assert "a long one of the tests" not in person.screen

    again = Terminal(sys.executable, "manage.py", "setup", "--file", str(file), "--only-file", environment=environment)
    again.wait_for("[end]")
    assert again.process.returncode == 0
    assert env_file.read(file) == kept
