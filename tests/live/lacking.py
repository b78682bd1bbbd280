"""What a test needs of the machine, and the machine does not have."""

import os
from typing import NoReturn

import pytest


def lacking(what: str, *, is_optional: bool = False) -> NoReturn:
    """Skip the test and say what lacks; fail instead where REQUIRE_BROWSER asks for all that is not optional."""
    reason = f"this machine lacks {what}"
    if not is_optional and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER is set, and {reason}")
    pytest.skip(reason)
