"""What a mail server's answer means (campaign/mail/smtp_errors.py), said by a real one at every step of a mail."""

from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from django.core.mail import mailers as django_mailers

from campaign.mail import mailers, smtp_errors
from campaign.mail.smtp_errors import Meaning
from tests.live.scripted_server import ScriptedServer, scripted_server


@pytest.fixture
def server(settings) -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        settings.MAILERS = {"default": mailers.mailer_from_url(server.url, settings.ROOT)}
        yield server


def error_of(to: str = "ana@example.org") -> Exception | None:
    try:
        django_mailers.default.send_messages([EmailMessage("Hello", "Text", to=[to])])
    except smtp_errors.ERRORS as error:
        return error
    return None


def test_a_willing_server_takes_it(server):
    assert error_of() is None
    assert server.heard[-2:] == ["DATA", "QUIT"]


@pytest.mark.parametrize(
    ("command", "answer", "meaning"),
    [
        ("HELLO", "554 no service here", Meaning.UNUSABLE),
        ("HELLO", "421 too many of you", Meaning.UNUSABLE),
        ("AUTH", "535 wrong password", Meaning.UNUSABLE),
        ("MAIL", "550 who are you", Meaning.UNUSABLE),
        ("MAIL", "451 slow down", Meaning.UNUSABLE),
        ("RCPT", "530 log in first", Meaning.UNUSABLE),
        ("RCPT", "550 no such box", Meaning.REFUSED),
        ("RCPT", "451 greylisted", Meaning.DEFERRED),
        ("RCPT", "421 too many of you", Meaning.DEFERRED),
        ("DATA", "554 no", Meaning.REFUSED),
        ("TEXT", "554 spam", Meaning.REFUSED),
        ("TEXT", "452 disk full", Meaning.DEFERRED),
        ("RCPT", "554 5.7.1 relay access denied", Meaning.DEFERRED),
        ("RCPT", "552 5.2.2 over quota", Meaning.DEFERRED),
        ("RCPT", "550 5.1.1 unknown", Meaning.REFUSED),
        ("RCPT", "550 5.1.1 unknown (Exim 4.94.2)", Meaning.REFUSED),
        ("RCPT", "550 unknown user: mx.example.org Exim 4.94.2", Meaning.REFUSED),
        ("RCPT", "552 mailbox full", Meaning.DEFERRED),
        ("TEXT", "554 5.7.1 your network is listed", Meaning.DEFERRED),
    ],
)
def test_only_what_is_said_of_the_recipient_or_the_text_is_about_the_mail(server, command, answer, meaning):
    server.script[command] = answer
    error = error_of()
    assert error is not None
    assert smtp_errors.meaning(error) == meaning


def test_an_address_that_cannot_be_written_is_no_answer_of_the_server(server):
    error = error_of("josé@example.org")
    assert error is not None
    assert smtp_errors.meaning(error) == Meaning.UNWRITABLE


def test_a_line_that_is_cut_may_have_carried_the_mail():
    assert smtp_errors.meaning(ConnectionResetError()) == Meaning.BROKEN
