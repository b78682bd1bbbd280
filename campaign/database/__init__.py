"""How every process reaches PostgreSQL: `DATABASE_URL`, and defaults for what it leaves out.

A parameter of the URL overrides the default of the same name: `?connect_timeout=10&prepare_threshold=none`. Most are
libpq's own; those in `OURS` are not, so other programs must be given `for_libpq(url)`.

Several servers of which one takes writes: `postgresql://user@db1:5432,db2:5432/name?target_session_attrs=read-write`.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

DEFAULTS: dict[str, Any] = {
    "application_name": "campaign",
    # The kernel notices a connection that falls silent, whether a machine died or a firewall drops packets ...
    "connect_timeout": 3,  # seconds
    "keepalives_idle": 5,  # seconds
    "keepalives_interval": 1,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,  # milliseconds
    # ... unless something in between still answers it. So the web server and the relay wait no longer than this for
    # any answer; commands and migrations may run statements that take longer, and a task ends by its own limit.
    "statement_timeout": 5,  # seconds after which the server ends a statement; 0: never
    "lock_timeout": 2,  # seconds for which one row is waited for that another transaction has locked; 0: for ever
    "answer_timeout": 6,  # seconds after which the connection is given up; 0: never
    "server_side_binding": True,
    "prepare_threshold": 5,  # planning the statement that signs costs as much as running it
    "disable_server_side_cursors": False,
    "pooler": "",  # `transaction`: a pooler in between gives each transaction another connection, as PgBouncer does
}
# Nothing may outlive its transaction: neither what was prepared, nor a cursor, nor what was set at the start, which a
# pooler refuses. The database must end statements by itself (docs/deploy.md).
BEHIND_A_POOLER: dict[str, Any] = {
    "prepare_threshold": None,
    "disable_server_side_cursors": True,
    "statement_timeout": 0,
    "lock_timeout": 0,
}
OURS = {
    "pooler",
    "statement_timeout",
    "lock_timeout",
    "answer_timeout",
    "server_side_binding",
    "prepare_threshold",
    "disable_server_side_cursors",
}
HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(:(?P<port>\d*))?")
IN_SECONDS = ("statement_timeout", "lock_timeout", "answer_timeout")


def database_from_url(url: str) -> dj_database_url.DBConfig:
    """Return Django's database settings."""
    database = dj_database_url.parse(
        with_hosts_as_parameters(url),
        engine="campaign.performance.postgresql",
        conn_max_age=None,
        conn_health_checks=True,
    )
    given = database.get("OPTIONS", {})
    if given.get("pooler", "") not in {"", "transaction"}:
        raise ImproperlyConfigured(f"DATABASE_URL: pooler is `transaction` or left out, not {given['pooler']}")
    options = DEFAULTS | (BEHIND_A_POOLER if given.get("pooler") else {}) | given
    if str(options["prepare_threshold"]).lower() == "none":
        options["prepare_threshold"] = None
    for name in IN_SECONDS:
        options[name] = seconds(name, options[name])
    database["DISABLE_SERVER_SIDE_CURSORS"] = options.pop("disable_server_side_cursors")
    database["OPTIONS"] = options
    return database


def with_hosts_as_parameters(url: str) -> str:
    """Move several hosts to where libpq takes them as well: no parser of URLs knows of more than one.

    >>> with_hosts_as_parameters("postgresql://ana:secret@db1:5433,db2/campaign?target_session_attrs=read-write")
    'postgresql://ana:secret@/campaign?target_session_attrs=read-write&host=db1,db2&port=5433,5432'
    >>> with_hosts_as_parameters("postgresql://db1/campaign")
    'postgresql://db1/campaign'
    """
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    if "," not in where:
        return url
    found = [HOST_AND_PORT.fullmatch(one) for one in where.split(",")]
    hosts = ",".join(one["host"].strip("[]") if one else "" for one in found)
    ports = ",".join((one and one["port"]) or "5432" for one in found)
    query = "&".join(filter(None, [parts.query, f"host={hosts}&port={ports}"]))
    return parts._replace(netloc=who + at, query=query).geturl()


def seconds(name: str, value: Any) -> float:
    """Raises ImproperlyConfigured."""
    try:
        return float(value)
    except ValueError:
        raise ImproperlyConfigured(f"DATABASE_URL: {name} is a number of seconds, not {value}") from None


def for_libpq(url: str) -> str:
    """Return the URL without the parameters that only this site understands.

    >>> for_libpq("postgresql://db/campaign?sslmode=require&prepare_threshold=none")
    'postgresql://db/campaign?sslmode=require'
    """
    parts = urlsplit(url)
    parameters = [(name, value) for name, value in parse_qsl(parts.query) if name not in OURS]
    return parts._replace(query=urlencode(parameters, safe="/", quote_via=quote)).geturl()
