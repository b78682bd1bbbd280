"""`EMAIL_URL` as an entry of Django's MAILERS."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def from_url(url: str, root: Path) -> dict[str, Any]:
    """The mailer that `url` names; a relative folder of `file://` is taken from `root`.

    >>> from_url("smtp://mail.example.org:2525", Path("/"))["OPTIONS"]["port"]
    2525
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "campaign.outbox.eml.EmailBackend",
            "OPTIONS": {"folder": root / unquote(parts.netloc + parts.path)},
        }
    if parts.scheme.startswith("anymail+"):
        provider = parts.scheme.removeprefix("anymail+")
        return {"BACKEND": f"anymail.backends.{provider}.EmailBackend", "OPTIONS": dict(parse_qsl(parts.query))}
    if parts.scheme in {"smtp", "smtps", "smtp+tls"}:
        return {"BACKEND": SMTP, "OPTIONS": smtp_options(parts)}
    raise ValueError(f"EMAIL_URL: unknown scheme {parts.scheme!r}")


def provider_of(url: str) -> str:
    """Its name with Anymail; empty where mail goes another way.

    >>> provider_of("anymail+postmark://?server_token=x"), provider_of("smtp://localhost")
    ('postmark', '')
    """
    scheme = urlsplit(url).scheme
    return scheme.removeprefix("anymail+") if scheme.startswith("anymail+") else ""


def smtp_options(parts: SplitResult) -> dict[str, Any]:
    return {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or "") or None,
        "password": unquote(parts.password or "") or None,
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+tls",
        "timeout": 20,
    }
