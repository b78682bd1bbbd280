"""The site as a visitor, a mailbox and an operator see it."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from campaign.standalone import run, site
from campaign.standalone.process import Process, wait_until
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
            site.relay(self.settings, log),
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
        process = site.manage(self.settings, self.log, *arguments)
        process.start()
        finish(process)
        return process.last_lines(1000)

    def mails(self, address: str, *, number: int = 1, seconds: float = 30) -> list[Mail]:
        """What was sent to `address`, once that is `number` mails at least."""
        has_come = self.wait_until(lambda: len(self.smtp_sink.to(address)) >= number, seconds=seconds)
        assert has_come, f"{len(self.smtp_sink.to(address))} of {number} mails to {address}\n{self.last_lines()}"
        return self.smtp_sink.to(address)

    def link(self, mail: Mail, containing: str) -> str:
        """The first address in the text of `mail` with these words in it."""
        return next(found for found in re.findall(r"https?://\S+", mail.text) if containing in found)

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.settings["DATABASE_URL"]) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def let_leases_end(self) -> None:
        """What killed workers held is free now instead of in a minute."""
        self.query("UPDATE outbox_item SET leased_until = now() WHERE state = 'running' RETURNING id")

    def last_lines(self) -> str:
        return "\n".join(f"== {name}\n{process.last_lines()}" for name, process in self.processes.items())

    wait_until = staticmethod(wait_until)


def finish(process: Process) -> None:
    wait_until(lambda: not process.is_running(), seconds=120)
    process.stop()
    assert process.exit_code() == 0, process.last_lines()


def create_database(server_url: str) -> str:
    """The URL of a new database beside the one that `server_url` names."""
    name = f"live_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, url: str) -> None:
    name = urlsplit(url).path.strip("/")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
