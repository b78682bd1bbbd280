"""Secrets of phones whose codes are told apart for certain, and not but for one chance in some hundred thousand."""

import base64
import secrets

import pytest

from campaign.staff.login import one_time_codes
from tests.staff import phone

STEPS = range(-4, 31)  # half-minutes before and after now that a test may come to
TYPED_AS_WRONG = "000000"


@pytest.fixture(autouse=True)
def codes_that_differ(monkeypatch) -> None:
    """Also from those of the test's other phones."""
    given = {TYPED_AS_WRONG}

    def new_secret() -> str:
        while True:
            made = base64.b32encode(secrets.token_bytes(20)).decode()
            codes = {phone.code(made, steps=steps) for steps in STEPS}
            if len(codes) == len(STEPS) and not codes & given:
                given.update(codes)
                return made

    monkeypatch.setattr(one_time_codes, "new_secret", new_secret)
