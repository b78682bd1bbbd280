"""Outgoing mail (campaign/mail/handler.py): one Message-ID for life, limits, and what a server's answer means."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from campaign.mail import mailers
from campaign.mail.handler import Mail, MailHandler
from campaign.outbox import claims, execution, handlers, queue
from campaign.outbox.models import Item, State, Suppression
from campaign.outbox.suppressions import fingerprint_of
from tests.live.scripted_server import WILLING, ScriptedServer, scripted_server
from tests.outbox.factories import KIND, claim_all, make_due, make_item

pytestmark = pytest.mark.django_db


class Capped(MailHandler):
    is_capped = True

    def compose(self, items):
        for item in items:
            context = {"confirm_url": "https://example.org/x", "site_url": "https://example.org"}
            yield (
                item,
                Mail("supporters/newsletter_confirmation", language="en", to=item.secret["address"], context=context),
            )


@pytest.fixture(autouse=True)
def mail_handler(settings, obedient_handler):
    settings.OUTBOX_HANDLERS = {KIND: "tests.outbox.test_mail.Capped"}
    handlers.handler_for.cache_clear()


@pytest.fixture
def server_says(monkeypatch) -> Callable[[Exception | None], None]:
    """Make the mail server answer with this error, at the library's seam."""
    sent = EmailBackend.send_messages

    def say(error: Exception | None) -> None:
        def send(self, messages):
            if error:
                raise error
            return sent(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send)

    return say


def test_a_repeated_mail_carries_the_same_message_id(server_says):
    item = make_item()
    server_says(smtplib.SMTPServerDisconnected("cut"))
    execution.execute(KIND, claim_all())
    assert Item.objects.get().state == State.WAITING
    server_says(None)
    make_due()
    execution.execute(KIND, claim_all())
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{KIND}.{item.pk}@")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user ana@example.org")}), State.REFUSED),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"greylisted")}), State.WAITING),
        (smtplib.SMTPDataError(554, b"spam"), State.REFUSED),
        (ValueError("Invalid address 'josé@example.org'"), State.WAITING),
        (smtplib.SMTPConnectError(421, b"busy"), State.WAITING),
        (ConnectionRefusedError(), State.WAITING),
        (TimeoutError(), State.WAITING),
    ],
)
def test_5xx_is_final_and_everything_else_is_tried_again(server_says, error, state):
    make_item()
    server_says(error)
    execution.execute(KIND, claim_all())
    row = Item.objects.get()
    assert row.state == state
    assert "@" not in row.reason


@pytest.mark.parametrize("dice", [min, max])
def test_a_mail_that_is_deferred_is_tried_for_a_day_or_two(monkeypatch, dice):
    monkeypatch.setattr("random.uniform", dice)
    pauses = [execution.backoff(attempt) for attempt in range(1, Capped.max_attempts)]
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=2, hours=6)


@pytest.fixture
def server(settings) -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        settings.MAILERS = {"default": mailers.mailer_from_url(server.url, settings.ROOT)}
        yield server


@pytest.mark.parametrize(
    ("command", "answer"), [("HELLO", "554 no service"), ("AUTH", "535 wrong password"), ("MAIL", "550 who are you")]
)
def test_a_server_that_takes_nothing_of_ours_kills_no_mail_however_long(server, command, answer):
    make_item()
    server.script[command] = answer
    for _ in range(Capped.max_attempts + 1):
        make_due()
        execution.execute(KIND, claim_all())
    row = Item.objects.get()
    assert (row.state, row.attempts) == (State.WAITING, 0)
    server.script = WILLING
    make_due()
    execution.execute(KIND, claim_all())
    assert not Item.objects.exists()


def test_a_batch_does_not_try_a_server_that_is_away_once_for_each_mail(server):
    for n in range(5):
        queue.put(KIND, payload={"n": n}, secret={"address": f"p{n}@example.org"})
    server.script["HELLO"] = "554 no service"
    execution.execute(KIND, claim_all())
    assert (server.met, Item.objects.waiting().count()) == (1, 5)


def test_one_address_that_cannot_be_written_spoils_nobody_elses_mail(server):
    for address in ("josé@example.org", "ana@example.org"):
        queue.put(KIND, payload={"n": 1}, secret={"address": address})
    execution.execute(KIND, claim_all())
    assert "a fault of this program" in Item.objects.get().reason
    assert server.heard.count("DATA") == 1


def test_the_longer_a_server_is_away_the_longer_is_the_pause():
    item = make_item()
    item.refresh_from_db()
    fresh = execution.outage_pause(item)
    item.created_at -= timedelta(days=3)
    assert fresh <= execution.FIRST_BACKOFF < execution.outage_pause(item) <= execution.LONGEST_OUTAGE_PAUSE


def test_a_retry_does_not_use_up_the_allowance_again(server_says):
    make_item()
    server_says(ConnectionRefusedError())
    execution.execute(KIND, claim_all())
    server_says(None)
    make_due()
    execution.execute(KIND, claim_all())
    assert len(mail.outbox) == 1


def test_a_second_mail_within_fifteen_minutes_is_dropped():
    make_item(1)
    make_item(2)
    execution.execute(KIND, claim_all())
    assert len(mail.outbox) == 1
    assert not Item.objects.exists()


def test_a_suppressed_address_gets_nothing():
    Suppression.objects.create(fingerprint=fingerprint_of("ANA@example.org"), cause="not_me")
    make_item()
    execution.execute(KIND, claim_all())
    assert mail.outbox == []
    assert not Item.objects.exists()


def test_every_claim_needs_its_own_token():
    make_item()
    pairs = claim_all()
    assert claims.begin([(pairs[0][0], pairs[0][1] + 1)], lease=Capped.lease) == []
