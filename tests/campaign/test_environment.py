"""Settings from the environment (campaign/environment.py): what is missing or weak is named, and nothing starts."""

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from campaign.database import database_from_url, for_libpq

STRONG = {
    "SECRET_KEY": "x1" * 30,
    "FIELD_KEYS": "UB8nfSNQmjbkmdW6Cw1xZ9mXj9ZC0AeG3ZU8Xh7Xk2A=",
    "ADDRESS_HASH_KEY": "y2" * 20,
    "DATABASE_URL": "postgresql://localhost/x",
    "REDIS_URL": "redis://localhost",
    "DEBUG": "0",
    "DEMO": "0",
    "NEWSLETTER_WAIT_MINUTES": "30",
}


def load(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **STRONG, **changes}
    return subprocess.run(
        [sys.executable, "-c", "from campaign import environment; environment.load()"],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "sender",
    [
        "campaign@example.org",
        "The campaign <campaign@example.org>",
        "Bündnis … <post@example.org>",
        "Bündnis gegen Organraub e.V. <post@example.org>",
        "Coalition, Inc. (Geneva) <post@example.org>",
        '"良心聯盟" <post@example.org>',
    ],
)
def test_a_complete_environment_is_accepted(sender):
    assert load(DEFAULT_FROM_EMAIL=sender).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", None),
        ("FIELD_KEYS", None),
        ("FIELD_KEYS", "not-a-key"),
        ("ADDRESS_HASH_KEY", None),
        ("DATABASE_URL", None),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("REDIS_URL", None),
        ("REDIS_URL", ""),
        ("TRUSTED_PROXIES", "everybody"),
        ("SITE_URL", "ftp://x"),
        ("STAFF_SECOND_FACTOR", "0"),
        ("HANDOVER_WAIT_DAYS", "0"),
        ("DUAL_CONTROL_WAIT_HOURS", "11"),
        ("NEWSLETTER_WAIT_MINUTES", "9"),
        ("DEFAULT_FROM_EMAIL", None),
        ("DEFAULT_FROM_EMAIL", ""),
        ("DEFAULT_FROM_EMAIL", "Campaign"),
        ("DEFAULT_FROM_EMAIL", "Campaign <campaign@>"),
        ("DEFAULT_FROM_EMAIL", "campaign@localhost"),
        ("DEFAULT_FROM_EMAIL", "a@example.org, b@example.org"),
        ("DEFAULT_FROM_EMAIL", "josé@example.org"),
        ("EMAIL_URL", "anymail+amazon_ses://"),
        ("EMAIL_URL", "anymail+unisender_go://?api_key=x"),
        ("EMAIL_URL", "sendmail://localhost"),
    ],
)
def test_what_is_missing_or_weak_is_named_and_nothing_starts(name, value):
    answer = load(**{name: value})
    assert answer.returncode == 1
    assert name in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("setting", "value", "is_asked"),
    [("DEBUG", "0", "True"), ("DEBUG", "1", "False"), ("DEMO", "1", "False")],
)
def test_staff_are_asked_for_a_second_factor_unless_this_is_no_real_site(setting, value, is_asked):
    code = "from campaign import settings; print(settings.STAFF_SECOND_FACTOR)"
    environment = {**os.environ, **STRONG, setting: value}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == is_asked


def database(url: str) -> dict[str, Any]:
    return dict(database_from_url(url))


def test_what_the_address_of_the_database_says_counts_more_than_the_default():
    options = database("postgresql://db/x?connect_timeout=9&prepare_threshold=0&statement_timeout=20")["OPTIONS"]
    assert [options[name] for name in ("connect_timeout", "prepare_threshold", "statement_timeout")] == [9, 0, 20]


def test_a_pooler_can_be_told_to_prepare_nothing_and_to_open_no_cursors_on_the_server():
    found = database("postgresql://pooler/x?prepare_threshold=none&disable_server_side_cursors=true")
    assert found["OPTIONS"]["prepare_threshold"] is None
    assert found["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.parametrize("name", ["statement_timeout", "lock_timeout", "answer_timeout"])
def test_limits_on_waiting_are_seconds_and_anything_else_stops_the_start(name):
    assert database(f"postgresql://db/x?{name}=2.5")["OPTIONS"][name] == 2.5
    with pytest.raises(ImproperlyConfigured, match=f"DATABASE_URL: {name} is a number of seconds, not 500ms"):
        database(f"postgresql://db/x?{name}=500ms")


def test_options_of_the_server_reach_other_programs_as_they_were_written():
    url = "postgresql://db/x?options=-c%20search_path%3Dsite"
    assert psycopg.conninfo.conninfo_to_dict(for_libpq(url))["options"] == "-c search_path=site"


def test_other_programs_are_not_given_what_only_the_site_understands():
    url = "postgresql://db/x?disable_server_side_cursors=true&sslmode=require"
    assert psycopg.conninfo.conninfo_to_dict(for_libpq(url)) == {"host": "db", "dbname": "x", "sslmode": "require"}
