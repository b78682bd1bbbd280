from collections.abc import Iterator

import pytest

from tests.outbox.factories import KIND, forget_handlers


@pytest.fixture(autouse=True)
def obedient_handler(settings) -> Iterator[None]:
    settings.OUTBOX_HANDLERS = {**settings.OUTBOX_HANDLERS, KIND: "tests.outbox.factories.Obedient"}
    forget_handlers()
    yield
    forget_handlers()
