from collections.abc import Iterator

import pytest

from campaign import mailers
from tests.letters.moody_sink import MoodySink
from tests.live.fixtures import free_port


@pytest.fixture
def sink(settings) -> Iterator[MoodySink]:
    """A real mail server, which all mail of the test goes to."""
    server = MoodySink(free_port())
    server.start()
    settings.MAILERS = {"default": mailers.from_url(server.url, settings.ROOT)}
    yield server
    server.stop()
