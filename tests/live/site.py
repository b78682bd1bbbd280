"""The site as a visitor, a mailbox and an operator see it."""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from campaign import database
from standalone import paths, run, site
from standalone.ports import unused_port
from standalone.supervision.process import Process, wait_until
from tests.environment import SETTINGS
from tests.live import migrated
from tests.live.redis_server import RedisServer
from tests.live.smtp_sink import Mail, SmtpSink


class LiveSite:
    """`processes` are web, worker, beat and relay; each can be stopped and started by a test."""

    def __init__(self, *, port: int, settings: Mapping[str, str], log: Path, smtp_sink: SmtpSink) -> None:
        self.port, self.log, self.smtp_sink = port, log, smtp_sink
        self.url = f"http://localhost:{port}"
        self.settings = {**os.environ, **settings, "SITE_URL": self.url, "EMAIL_URL": smtp_sink.url}
        self.http = httpx.Client(base_url=self.url, timeout=30)
        started = [
            site.worker(self.settings, log, concurrency=2),
            site.beat(self.settings, log),
            site.relay_process(self.settings, log),
            site.web(self.settings, log, port),
        ]
        self.processes = {process.name: process for process in started}

    def start(self) -> None:
        for process in self.processes.values():
            process.start()
        assert self.wait_until(lambda: run.answers(self.port), seconds=60), self.last_lines()

    def stop(self) -> None:
        self.http.close()
        for process in reversed(self.processes.values()):
            process.stop()

    def manage(self, *arguments: str) -> str:
        """The output of a management command; it must succeed."""
        process = site.manage_process(self.settings, self.log, *arguments)
        process.start()
        finish(process)
        return process.last_lines(1000)

    def mails(self, address: str, *, number: int = 1, seconds: float = 60) -> list[Mail]:
        """What was sent to `address`, once that is `number` mails at least."""
        has_come = self.wait_until(lambda: len(self.smtp_sink.to(address)) >= number, seconds=seconds)
        assert has_come, f"{len(self.smtp_sink.to(address))} of {number} mails to {address}\n{self.last_lines()}"
        return self.smtp_sink.to(address)

    def link(self, mail: Mail, containing: str) -> str:
        """The first address in the text of `mail` with these words in it."""
        return next(found for found in re.findall(r"https?://\S+", mail.text) if containing in found)

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    @property
    def owner_url(self) -> str:
        """For tests and programs that do what the site's own role may not."""
        return database.for_libpq(self.settings["OWNER_DATABASE_URL"])

    def let_leases_end(self) -> None:
        """What killed workers held is free now instead of in a minute."""
        self.query("UPDATE outbox_item SET leased_until = now() WHERE state = 'running' RETURNING id")

    def last_lines(self) -> str:
        return "\n".join(f"== {name}\n{process.last_lines()}" for name, process in self.processes.items())

    wait_until = staticmethod(wait_until)


@contextmanager
def site_of_its_own(sink: SmtpSink, folder: Path, **settings: str) -> Iterator[LiveSite]:
    """A site that has not been started, with an empty database and a Redis of its own.

    Its logs, journal and keys are in `folder`. Of a Redis that two share, the worker of one takes the other's messages.
    """
    server_url = os.environ["DATABASE_URL"]
    urls = create_database(server_url)
    log = folder / "log"
    log.mkdir()
    folders = {"JOURNAL_FOLDER": str(folder / "journal"), "KEY_FOLDER": str(folder / "keys")}
    with paths.throw_away_home() as home:
        redis = RedisServer(home)
        redis.start()
        given = {**SETTINGS, **urls, "REDIS_URL": redis.url, "TRUSTED_PROXIES": "127.0.0.0/8", **folders, **settings}
        site = LiveSite(port=unused_port(), settings=given, log=log, smtp_sink=sink)
        site.manage("migrate")
        yield site
        site.stop()
        redis.stop()
    drop_database(server_url, urls)


def finish(process: Process) -> None:
    wait_until(lambda: not process.is_running(), seconds=120)
    process.stop()
    assert process.exit_code() == 0, process.last_lines()


def create_database(server_url: str, *, template: str = "") -> dict[str, str]:
    """The settings of a new database on the server that `server_url` names, and of a new role that uses it."""
    name, password = f"live_{secrets.token_hex(4)}", secrets.token_hex(16)
    copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(copied.format(sql.Identifier(name), sql.Identifier(template or os.environ[migrated.NAME])))
        made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        connection.execute(made)
    owner = urlsplit(server_url)._replace(path=f"/{name}")
    where = owner.netloc.rpartition("@")[2]
    application = owner._replace(netloc=f"{name}:{password}@{where}")
    return {"DATABASE_URL": application.geturl(), "OWNER_DATABASE_URL": owner.geturl()}


def drop_database(server_url: str, urls: Mapping[str, str]) -> None:
    name = sql.Identifier(urlsplit(urls["OWNER_DATABASE_URL"]).path.strip("/"))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("DROP ROLE {}").format(name))
