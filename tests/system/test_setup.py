"""`manage.py setup` as somebody at a terminal uses it: wrong answers are asked again.

What it makes of the answers, test_guide.py says.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign import env_file
from standalone.ports import unused_port
from tests.live.redis_server import RedisServer
from tests.live.site import create_database, drop_database
from tests.live.terminal import Terminal

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    """A database without tables, and its two roles."""
    server_url = os.environ["DATABASE_URL"]
    made = create_database(server_url, template="template1")
    yield made
    drop_database(server_url, made)


def test_settings_are_written_by_answering(urls: dict[str, str], live_redis: RedisServer, tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "manage.py", "setup", "--file", str(file), "--only-file"]
    person = Terminal(*command, environment=environment)
    nowhere = f"postgresql://ana:x@127.0.0.1:{unused_port()}/campaign"
    person.answer("Public address", "www.example.org", "https://www.example.org")
    person.answer("Database, as the site's own role", nowhere, urls["DATABASE_URL"])
    person.answer("Redis", f"redis://127.0.0.1:{unused_port()}", live_redis.url)
    person.answer("Mail server", "mail.example.org", "smtp://127.0.0.1:2525")
    person.answer("Sender of all mail", "no address", "", "A Coalition <post@example.org>")
    person.answer("Network of the proxy", "127.0.0.1/8/8", "")
    for name in ("MEDIA_FOLDER", "KEY_FOLDER", "JOURNAL_FOLDER"):
        person.answer(name, str(tmp_path / name))
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

    again = Terminal(*command, environment=environment)
    again.wait_for("[end]")
    assert again.process.returncode == 0
    assert env_file.read(file) == kept
