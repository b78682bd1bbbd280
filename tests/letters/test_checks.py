"""Settings of letters that make no sense are named, and nothing starts (letters/delivery/system_checks.py)."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LETTER_CHANNELS", ["sandbox", "senat_api"]),
        ("LETTER_INBOX_URL", "pop3://localhost"),
        ("LETTER_RETURN_ADDRESS", "letters"),
        ("LETTER_RETURN_ADDRESS", "letters-to-senators@example.org"),
        ("LETTER_RETURN_ADDRESS", "letters@example.org"),
        *(("SENATE_API_CLOSED", text) for text in ["always", "Foo 00:00-06:00", "Sun 00:00-25:00", "Sun 22:00-02:00"]),
    ],
)
def test_what_makes_no_sense_is_named(settings, name, value):
    if name == "SENATE_API_CLOSED":
        settings.SENATE_API = {**settings.SENATE_API, "closed": value}
    else:
        setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=name):
        call_command("check")


@pytest.mark.parametrize("address", ["", "file:///var/mail", "imaps://user:password@mail.example.org/INBOX"])
def test_every_kind_of_inbox_passes(settings, address):
    settings.LETTER_INBOX_URL = address
    call_command("check")
