"""Settings that start a site, and are still not those of a real one."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from backoffice.doctor.findings import Asked, Finding, bad, good, look
from campaign.env_file import PATH_NAME
from campaign.environment import ROOT

# Django's own advice for which this site has an answer of its own.
ANSWERED = {
    "security.W005",  # subdomains: HSTS is the site's own choice alone
    "security.W008",  # http: the proxy leads to https
    "security.W021",  # preloading: as above
}


def check(asked: Asked) -> Iterator[Finding]:
    yield from modes()
    yield from address()
    yield from mail()
    yield from secrets()
    yield from advice()


def modes() -> Iterator[Finding]:
    names = [name for name in ("DEBUG", "DEMO") if getattr(settings, name)]
    for name in names:
        yield bad(f"{name} is on: this is no real site", f"Take {name} out of the settings and start all processes.")
    if not names:
        yield good("neither DEBUG nor DEMO")


def address() -> Iterator[Finding]:
    url = urlsplit(settings.SITE_URL)
    if url.scheme != "https":
        yield bad(f"SITE_URL is {settings.SITE_URL}: what people type travels in the open", "Set an https address.")
    else:
        yield good(f"SITE_URL is {settings.SITE_URL}")
    if not settings.TRUSTED_PROXIES:
        yield look(
            "TRUSTED_PROXIES is empty: behind a proxy all visitors would seem to come from one place",
            "Name the proxy's network, such as 127.0.0.1.",
        )


def mail() -> Iterator[Finding]:
    if "eml_backend" in settings.MAILERS["default"]["BACKEND"]:
        yield bad("EMAIL_URL names a folder: mails become files, and nobody can confirm", "Name a mail server.")
    elif settings.EMAIL_PROVIDER and not settings.EMAIL_WEBHOOK_SECRET:
        yield look(
            "EMAIL_WEBHOOK_SECRET is empty: bounces and complaints are not known",
            "Have the provider report to /mail/events/, and set what it signs with.",
        )
    if set(settings.LETTER_CHANNELS) <= {"sandbox"}:
        yield look("LETTER_CHANNELS: letters go to the sandbox alone, nothing is sent", "Name channels, if you write.")


def secrets() -> Iterator[Finding]:
    for file in filter(is_open_to_others, files()):
        yield bad(f"others on this machine can read {file}", f"chmod 600 {file}")
    if not settings.BACKUP_KEY:
        yield look(
            "BACKUP_KEY is empty: the site makes no backups itself",
            "Make a pair elsewhere with `create_keypair`, set the line that it prints, and run `backup` every night;"
            " or archive the database otherwise (docs/deploy.md).",
        )


def files() -> set[Path]:
    """Return the files from which the settings of this process may have come."""
    named = os.environ.get(PATH_NAME)
    return {ROOT / ".env", Path(named or ROOT / ".env")}


def is_open_to_others(file: Path) -> bool:
    """Return False as well for a file in a folder that is closed to this account, as it is then to all others."""
    try:
        return bool(file.stat().st_mode & 0o077)
    except OSError:
        return False


def advice() -> Iterator[Finding]:
    """Pass on what Django says of a deployment."""
    for message in checks.run_checks(include_deployment_checks=True):
        if message.id not in ANSWERED:
            finding = bad if message.is_serious() else look
            yield finding(f"{message.id}: {message.msg}", str(message.hint or "See Django's documentation."))
