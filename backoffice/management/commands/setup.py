"""`manage.py setup`: ask what a new site needs, write its settings, and make it ready."""

import getpass
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import redis
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign import env_file
from campaign.database import for_libpq
from campaign.environment import ROOT

OWNER = "OWNER_DATABASE_URL"  # asked for, used, and never written down: no process of the site may read it
FOLDERS = {name: f"var/{name.partition('_')[0].lower()}" for name in ("MEDIA_FOLDER", "KEY_FOLDER", "JOURNAL_FOLDER")}


class Question(NamedTuple):
    name: str
    words: str
    default: str = ""
    is_secret: bool = False


QUESTIONS = [
    Question("SITE_URL", "Public address of the site, such as https://www.example.org"),
    Question(
        "DATABASE_URL", "Database, as the site's own role: postgresql://campaign:...@localhost/campaign", "", True
    ),
    Question("REDIS_URL", "Redis", "redis://localhost:6379/0"),
    Question("EMAIL_URL", "Mail server: smtp+tls://user:password@host:587, or a provider (README)", "", True),
    Question("DEFAULT_FROM_EMAIL", "Sender of all mail: Name <address>"),
    Question("TRUSTED_PROXIES", "Network of the proxy", "127.0.0.1"),
    *(Question(name, f"{name} (docs/deploy.md says what it is for)", default) for name, default in FOLDERS.items()),
]


class Command(BaseCommand):
    help = (
        "Ask for what a new site needs, write it down for its own account alone, make tables, first content and the"
        " first account, and look whether all is well. What a file says already is neither asked nor changed, so it"
        " can be run again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=ROOT / ".env", help="where the settings are kept")
        parser.add_argument("--only-file", action="store_true", help="write the settings, and stop there")
        parser.add_argument("--account", help="the account that the site runs as, which then owns what it makes")

    def handle(self, *args: Any, file: Path, only_file: bool, account: str | None, **options: Any) -> None:
        settings = self.complete(env_file.read(file))
        try:
            env_file.write(file, settings)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"\nThe settings are in {file}. Copy ADDRESS_HASH_KEY onto paper: it can never change.\n")
        if only_file:
            return
        self.make_ready({**settings, env_file.PATH_NAME: str(file.resolve())}, account)

    def complete(self, settings: dict[str, str]) -> dict[str, str]:
        """Return the settings with what was missing: made where nobody need think of it, and asked for otherwise."""
        made = {name: make() for name, make in env_file.MADE.items() if name not in settings}
        given = {**settings, **made}
        for question in QUESTIONS:
            if question.name not in given:
                given[question.name] = self.answer(question)
        return given

    def answer(self, question: Question) -> str:
        """Ask until the answer can be used; an end of the input ends the command, with nothing written."""
        shown = "the same as before" if question.is_secret else question.default
        offered = f" [{shown}]" if question.default else ""
        ask = getpass.getpass if question.is_secret and sys.stdin.isatty() else input
        while True:
            try:
                said = ask(f"{question.words}{offered}: ").strip() or question.default
            except EOFError:
                raise CommandError(f"{question.name} is missing; nothing was written.") from None
            fault = (
                "an answer is needed"
                if not said
                else env_file.fault_of(question.name, said) or unusable(question.name, said)
            )
            if not fault:
                return said
            self.stderr.write(f"  {question.name}: {fault}")

    def make_ready(self, settings: Mapping[str, str], account: str | None) -> None:
        commands = Commands(settings, account)
        owner = os.environ.get(OWNER, "")
        if not owner:
            self.stdout.write("Tables are made by the role that owns them, which the site's own should not be.")
            owner = self.answer(Question(OWNER, "The same database, as its owner", settings["DATABASE_URL"], True))
        commands.run("migrate", owner=owner if owner != settings["DATABASE_URL"] else "")
        commands.run("collectstatic", "--noinput", "--verbosity=0")
        commands.run("first_content")
        self.stdout.write("\nThe first account, of an administrator:")
        commands.run("createsuperuser")
        self.stdout.write("\nWhat is left (`manage.py doctor` says it again):")
        commands.run("doctor", is_report=True)


def unusable(name: str, value: str) -> str:
    """Try the servers that were named; return what is wrong, in words."""
    try:
        if name in {"DATABASE_URL", OWNER}:
            psycopg.connect(for_libpq(value), connect_timeout=5).close()
        if name == "REDIS_URL":
            with redis.Redis.from_url(value, socket_connect_timeout=5, socket_timeout=5) as client:
                client.ping()
    except (psycopg.Error, redis.RedisError, ValueError, OSError) as error:
        return str(error).splitlines()[0]
    return ""


class Commands(NamedTuple):
    """Other commands of `manage.py`, with these settings and as this account, or as who runs this one."""

    settings: Mapping[str, str]
    account: str | None

    def run(self, *arguments: str, owner: str = "", is_report: bool = False) -> None:
        """Run one of them. Raises CommandError unless it ends well, or only reports."""
        inherited = {name: value for name, value in os.environ.items() if name not in {"NO_ENV_FILE", OWNER}}
        environment = {**inherited, "DEBUG": "", **self.settings, **({OWNER: owner} if owner else {})}
        if self.account:
            environment["HOME"] = "/nonexistent"  # another account's own may not even be looked into
        environment = {name: value for name, value in environment.items() if value}
        command = [*as_account(self.account), sys.executable, "manage.py", *arguments]
        if subprocess.call(command, env=environment, cwd=ROOT) and not is_report:
            raise CommandError(
                f"`manage.py {arguments[0]}` failed; what it said stands above. Run `setup` again after that."
            )


def as_account(account: str | None) -> list[str]:
    return ["setpriv", f"--reuid={account}", f"--regid={account}", "--init-groups"] if account else []
