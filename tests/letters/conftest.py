import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.mail import mailers
from letters.delivery import rate_limit
from letters.delivery.channels.congress import offices, turns
from letters.models import ChannelStatus
from standalone.ports import unused_port
from tests.letters.factories import make_due
from tests.letters.moody_sink import MoodySink
from tests.letters.senate_stub import SenateStub


@pytest.fixture
def sink(settings) -> Iterator[MoodySink]:
    """A real mail server, which all mail of the test goes to."""
    server = MoodySink(unused_port())
    server.start()
    settings.MAILERS = {"default": mailers.mailer_from_url(server.url, settings.ROOT)}
    yield server
    server.stop()


@pytest.fixture
def senate(settings, tmp_path, monkeypatch) -> Iterator[SenateStub]:
    """The Senate's system, which takes letters for New Mexico; allowed and configured."""
    stub = SenateStub(unused_port(), tmp_path)
    stub.start()
    settings.LETTER_CHANNELS = ["senate_api", "sandbox"]
    settings.SENATE_API = stub.settings
    monkeypatch.setattr(rate_limit, "FRESH", timedelta(minutes=2))  # a busy machine may need more than its seconds
    yield stub
    stub.stop()


@pytest.fixture
def go(senate, outbox_drained):
    """Turn after turn: the clock lets letters go, workers send them."""
    offices.refresh()

    def turn(times: int = 1) -> None:
        for _ in range(times):
            make_due()
            outbox_drained()
            ChannelStatus.objects.update(next_at=timezone.now(), quiet_until=None)
            turns.tick()
            make_due()
            outbox_drained()

    return turn


@pytest.fixture
def no_network(monkeypatch):
    """Any socket of this process is a failure; the database's is libpq's own."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
