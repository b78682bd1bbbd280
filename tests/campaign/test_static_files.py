"""Static files as a server gives them: small on the wire, and kept by browsers for good."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize("ending", ["br", "gz"])
@pytest.mark.parametrize("name", ["css/site.????????????.css", "js/email_offer.????????????.js"])
def test_a_file_is_compressed_when_it_is_collected(static_files: Path, name: str, ending: str) -> None:
    plain = next(static_files.glob(name))
    packed = plain.with_name(f"{plain.name}.{ending}")
    assert packed.stat().st_size < plain.stat().st_size


def test_what_browsers_ask_for_by_themselves_is_there() -> None:
    icon = Client().get("/favicon.ico")
    assert icon.status_code == 200
    assert b"".join(icon) == (settings.ROOT / "static" / "root" / "favicon.ico").read_bytes()
