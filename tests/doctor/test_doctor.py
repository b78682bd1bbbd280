"""`manage.py doctor`: each of its checks made to fail once, and to be content once (backoffice/doctor/)."""

import shutil
import smtplib
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from backoffice import alerts, doctor
from backoffice.doctor import Asked, Finding, Level, content, database, folders, mail, settings, work
from campaign.mail import mailers
from campaign.outbox.models import Heartbeat
from campaign.secrecy.keypairs import new_keypair, with_check
from letters.constituency.congress.chambers import chamber
from letters.models import OfficeImport
from letters.models.recipients.offices import ImportFormat
from letters.models.recipients.recipient_lists import US_SENATE
from standalone.ports import unused_port
from tests.letters.factories import make_list
from tests.live.name_server import Records, name_server
from tests.live.scripted_server import scripted_server

OFFLINE = Asked(is_offline=True)
GOOD_NAMES: Records = {
    ("example.org", "TXT"): ['"v=spf1 mx -all"', '"something else"'],
    ("example.org", "MX"): ["10 mx.example.org."],
    ("pm._domainkey.example.org", "TXT"): ['"v=DKIM1; p=MIIB"'],
    ("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=reject"'],
}


def words(found: Iterator[Finding], level: Level) -> str:
    return " | ".join(finding.words for finding in found if finding.level is level)


class Mailing(NamedTuple):
    bad: str
    look: str
    good: str


@pytest.fixture
def real(settings: Any) -> Any:
    """Settings of a site that is none of the tests'."""
    settings.DEMO, settings.DEBUG = False, False
    settings.SITE_URL, settings.TRUSTED_PROXIES = "https://www.example.org", ["127.0.0.1"]
    settings.MAILERS = {"default": mailers.mailer_from_url("smtp+tls://mail.example.org", Path())}
    settings.BACKUP_KEY = with_check(new_keypair().public)
    settings.LETTER_CHANNELS = ["email"]
    settings.DEFAULT_FROM_EMAIL = "A Coalition <post@example.org>"
    return settings


@pytest.mark.parametrize(
    ("name", "value", "level", "said"),
    [
        ("DEBUG", True, Level.BAD, "DEBUG is on"),
        ("DEMO", True, Level.BAD, "DEMO is on"),
        ("SITE_URL", "http://www.example.org", Level.BAD, "travels in the open"),
        ("TRUSTED_PROXIES", [], Level.LOOK, "TRUSTED_PROXIES is empty"),
        ("LETTER_CHANNELS", ["sandbox"], Level.LOOK, "nothing is sent"),
        ("BACKUP_KEY", "", Level.LOOK, "makes no backups"),
        ("SECRET_KEY", "short", Level.LOOK, "security.W009"),
        ("ROOT", "open file", Level.BAD, "others on this machine can read"),
        ("SETTINGS_FILE", "open file", Level.BAD, "others on this machine can read"),
        ("MAILERS", "file://var/mail", Level.BAD, "mails become files"),
        ("MAILERS", "anymail+postmark://?server_token=x", Level.LOOK, "EMAIL_WEBHOOK_SECRET is empty"),
    ],
)
def test_settings(
    real: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: Any, level: Level, said: str
) -> None:
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    assert said not in words(settings.check(OFFLINE), level)
    if name == "ROOT":
        (tmp_path / ".env").write_text("")
        (tmp_path / ".env").chmod(0o644)
    elif name == "SETTINGS_FILE":
        (tmp_path / "site.env").write_text("")
        (tmp_path / "site.env").chmod(0o640)
        monkeypatch.setenv(name, str(tmp_path / "site.env"))
    elif name == "MAILERS":
        real.MAILERS = {"default": mailers.mailer_from_url(value, Path())}
        real.EMAIL_PROVIDER, real.EMAIL_WEBHOOK_SECRET = mailers.provider_of(value), ""
    else:
        setattr(real, name, value)
    assert said in words(settings.check(OFFLINE), level)


@pytest.mark.django_db
def test_a_database_of_the_tests_is_not_one_to_keep_signatures_in() -> None:
    """It writes nothing to the disk, its one role may do everything, and its log keeps parameters."""
    found = list(database.check(OFFLINE))
    bad = words(iter(found), Level.BAD)
    assert "fsync is off" in bad
    assert "full_page_writes is off" in bad
    assert "what the site has acknowledged can be lost" in bad
    assert "could rewrite the audit" in bad
    assert "log_error_verbosity" in words(iter(found), Level.LOOK)
    assert "every migration is applied" in words(iter(found), Level.GOOD)
    assert "agree" in words(iter(found), Level.GOOD)


LAST_MIGRATION_GONE = """
    DELETE FROM django_migrations
    WHERE app = 'outbox' AND name = (SELECT max(name) FROM django_migrations WHERE app = 'outbox')
"""


@pytest.mark.django_db
def test_a_missing_migration_a_wrong_clock_an_old_server_and_a_standby(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LAST_MIGRATION_GONE)
    monkeypatch.setattr("backoffice.doctor.database.time.time", lambda: 0.0)
    monkeypatch.setattr(database, "OLDEST", 990_000)
    monkeypatch.setattr(database, "CONNECTIONS", 100_000)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert "max_connections is" in words(database.check(OFFLINE), Level.LOOK)
    bad = words(database.check(OFFLINE), Level.BAD)
    for said in ("migrations are missing", "seconds apart", "it is version", "it takes no writes"):
        assert said in bad


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        found = list(database.check(OFFLINE))
    assert [finding.level for finding in found] == [Level.BAD]
    assert "cannot be reached" in found[0].words


def test_folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {"MEDIA_ROOT": "media", "KEY_FOLDER": "keys", "JOURNAL_FOLDER": "journal", "STATIC_ROOT": "static"}
    for name, folder in ours.items():
        (tmp_path / folder).mkdir(mode=0o700)
        setattr(settings, name, tmp_path / folder)
    (tmp_path / "static" / "site.css").touch()
    monkeypatch.setattr(folders, "SWAPS", tmp_path / "swaps")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(100 << 30, 0, 50 << 30))
    assert {finding.level for finding in folders.check(OFFLINE)} == {Level.GOOD}

    (tmp_path / "keys").chmod(0o755)
    (tmp_path / "static" / "site.css").unlink()
    (tmp_path / "swaps").write_text("Filename\n/swapfile\n")
    settings.MEDIA_ROOT = tmp_path / "absent"
    bad, look = words(folders.check(OFFLINE), Level.BAD), words(folders.check(OFFLINE), Level.LOOK)
    assert "others on this machine can look into KEY_FOLDER" in bad
    assert "MEDIA_FOLDER" in bad
    assert "pages have no style" in bad
    assert "this machine swaps" in look

    settings.JOURNAL_FOLDER = tmp_path
    assert "lies in JOURNAL_FOLDER" in words(folders.check(OFFLINE), Level.BAD)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(100 << 30, 0, 1 << 20))
    assert "0.0 GB of 100 are free" in words(folders.check(OFFLINE), Level.BAD)


@pytest.mark.django_db
def test_work(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Redis answers" in words(work.check(OFFLINE), Level.GOOD)
    assert "the relay has not been seen ever" in words(work.check(OFFLINE), Level.BAD)
    for part in ("relay", "scheduler", "worker"):
        Heartbeat.objects.create(part=part, seen_at=timezone.now())
    assert "relay, scheduler and workers are at work" in words(work.check(OFFLINE), Level.GOOD)
    monkeypatch.setattr(alerts, "NEEDS", [("", lambda: iter([alerts.Need("something waits", "/admin/")]))])
    assert words(work.check(OFFLINE), Level.LOOK) == "something waits"
    late = timezone.now() - timedelta(minutes=9)
    monkeypatch.setattr("campaign.outbox.monitoring.oldest_due_at", lambda: late)
    assert "due for 9 minutes" in words(work.check(OFFLINE), Level.BAD)
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{unused_port()}"
    assert "Redis cannot be reached" in words(work.check(OFFLINE), Level.BAD)


def mailing(records: Records, *, dkim_selector: str = "") -> Mailing:
    with name_server(records) as server:
        found = list(mail.check(Asked(nameserver=server.address, dkim_selector=dkim_selector)))
    return Mailing(*(words(iter(found), level) for level in (Level.BAD, Level.LOOK, Level.GOOD)))


def test_a_connection_in_the_clear_is_bad_unless_it_was_asked_for() -> None:
    assert database.in_the_clear("prefer").level is Level.BAD
    assert database.in_the_clear("disable").level is Level.LOOK


@pytest.fixture
def provider(real: Any) -> Any:
    """Mail goes by a provider, so that no server is greeted."""
    real.MAILERS = {"default": mailers.mailer_from_url("anymail+postmark://?server_token=x", Path())}
    return real


def test_names_that_say_all(provider: Any) -> None:
    said = mailing(GOOD_NAMES)
    assert (said.bad, said.look) == ("", "")
    assert all(name in said.good for name in ("SPF", "DKIM", "DMARC"))


def test_names_that_say_nothing(provider: Any) -> None:
    said = mailing({("elsewhere.org", "A"): ["192.0.2.1"]})
    assert all(name in said.bad for name in ("no SPF record", "no DMARC record", "takes no mail"))
    assert "no DKIM key" in said.look


@pytest.mark.parametrize(
    ("name", "texts", "level", "expected"),
    [
        ("example.org", ['"v=spf1 -all"', '"v=spf1 mx -all"'], "bad", "2 SPF records"),
        ("example.org", ['"v=spf1 +all"'], "bad", "lets everybody send"),
        ("_dmarc.example.org", ['"v=DMARC1; p = none"'], "look", "asks for nothing"),
        ("_dmarc.example.org", ['"v=DMARC1; P=None"'], "look", "asks for nothing"),
        ("_dmarc.example.org", ['"v=DMARC1; p=reject; sp=none"'], "good", "what becomes of forged mail"),
    ],
)
def test_names_that_say_the_wrong_thing(provider: Any, name: str, texts: list[str], level: str, expected: str) -> None:
    assert expected in getattr(mailing({**GOOD_NAMES, (name, "TXT"): texts}), level)


def test_the_name_of_the_signature_is_looked_for_where_it_is_said_to_be(provider: Any) -> None:
    assert "no DKIM key under “other”" in mailing(GOOD_NAMES, dkim_selector="other").bad
    assert "under “pm”" in mailing(GOOD_NAMES, dkim_selector="pm").good


def test_the_policy_of_the_domain_above_counts(provider: Any) -> None:
    provider.DEFAULT_FROM_EMAIL = "post@news.example.org"
    said = mailing({**GOOD_NAMES, ("news.example.org", "TXT"): ['"v=spf1 -all"']})
    assert "DMARC" in said.good


def test_no_server_of_names_is_no_fault_of_the_domain(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "ANSWER_WITHIN", 0.5)
    found = list(mail.check(Asked(nameserver=f"127.0.0.1:{unused_port()}")))
    assert [finding.level for finding in found] == [Level.LOOK]
    assert "no server of names answered" in found[0].words


def test_the_mail_server_is_greeted_and_gets_no_mail(real: Any) -> None:
    with scripted_server() as server:
        real.MAILERS = {"default": mailers.mailer_from_url(server.url, Path())}
        assert "takes us" in words(mail.server(), Level.GOOD)
        assert "MAIL" not in server.heard
        server.script["AUTH"] = "535 who are you"
        assert "does not take us" in words(mail.server(), Level.BAD)
        real.MAILERS = {"default": mailers.mailer_from_url(server.url.replace("smtp:", "smtp+tls:"), Path())}
        assert "does not take us" in words(mail.server(), Level.BAD)


def test_mail_does_not_travel_in_the_open(real: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server() as server:
        port = server.server_address[1]
        monkeypatch.setattr(smtplib.SMTP, "_get_socket", lambda smtp, _host, _port, timeout: connected(port, timeout))
        real.MAILERS = {"default": mailers.mailer_from_url(f"smtp://mail.example.org:{port}", Path())}
        assert "in the open" in words(mail.server(), Level.BAD)


def connected(port: int, timeout: float) -> Any:
    return socket.create_connection(("127.0.0.1", port), timeout)


def test_the_name_of_an_address(real: Any) -> None:
    real.MAILERS = {"default": mailers.mailer_from_url("smtp://mail.example.org", Path())}
    away = {("mail.example.org", "A"): ["192.0.2.7"], ("other.example.org", "A"): ["192.0.2.8"]}
    reverse = ("7.2.0.192.in-addr.arpa", "PTR")

    def said(records: Records) -> str:
        with name_server(records) as server:
            return words(mail.reverse_name(mail.Names(Asked(nameserver=server.address))), Level.LOOK)

    assert "has no name (PTR)" in said(away)
    assert "which is another address" in said({**away, reverse: ["other.example.org."]})
    assert said({**away, reverse: ["mail.example.org."]}) == ""


@pytest.mark.django_db
def test_content(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nobody can log in" in words(content.check(OFFLINE), Level.BAD)
    User.objects.create_superuser("ana")
    assert "still to be done: Give the site its name" in words(content.check(OFFLINE), Level.LOOK)
    assert "never run here" in words(content.check(OFFLINE), Level.LOOK)
    old = timezone.now() - timedelta(days=200)
    OfficeImport.objects.create(source="a list", recipient_list=chamber(US_SENATE), applied_at=old)
    assert "the list United States Senate is of" in words(content.check(OFFLINE), Level.LOOK)
    backup = Heartbeat.objects.create(part="backup", seen_at=timezone.now() - timedelta(days=3))
    assert "the last backup is of" in words(content.check(OFFLINE), Level.BAD)
    backup.seen_at = timezone.now()
    backup.save()
    assert "the last backup is of" in words(content.check(OFFLINE), Level.GOOD)
    monkeypatch.setattr(content, "first_steps", lambda _user: [])
    assert "everything of the first days is done" in words(content.check(OFFLINE), Level.GOOD)


@pytest.mark.django_db
def test_a_list_is_old_whatever_else_was_imported_since() -> None:
    senate, parliament = chamber(US_SENATE), make_list()
    old, new = timezone.now() - timedelta(days=200), timezone.now()
    for recipients, applied_at, kind in [
        (senate, old, ImportFormat.LEGISLATORS),
        (parliament, old, ImportFormat.MEMBERS),
        (parliament, new, ImportFormat.MEMBERS),
        (senate, new, ImportFormat.AREAS),
    ]:
        OfficeImport.objects.create(recipient_list=recipients, applied_at=applied_at, format=kind)
    told = words(content.check(OFFLINE), Level.LOOK)
    assert "the list United States Senate is of" in told
    assert "the list A Parliament" not in told


@pytest.mark.django_db
def test_the_command_says_what_to_do_and_fails_while_anything_is_bad(capsys: Any, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match=r"\d+ good, \d+ to look at, \d+ bad"):
        call_command("doctor", offline=True)
    assert "-> Take DEMO out of the settings" in capsys.readouterr().out
    calm: list[tuple[str, Callable[[Asked], Iterator[Finding]]]] = [
        ("Settings", lambda _asked: iter([Finding(Level.GOOD, "all is well")]))
    ]
    monkeypatch.setattr("backoffice.management.commands.doctor.CHECKS", calm)
    call_command("doctor", offline=True)
    assert "1 good, 0 to look at, 0 bad" in capsys.readouterr().out
    assert len(doctor.CHECKS) == 7
