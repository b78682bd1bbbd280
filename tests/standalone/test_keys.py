import stat
from pathlib import Path

from standalone.dev_secrets import MAKERS, kept_keys


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    first = kept_keys(path)
    assert set(first) == set(MAKERS)
    assert kept_keys(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_a_later_version_needs_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    path.write_text("SECRET_KEY=the first\n")
    keys = kept_keys(path)
    assert keys["SECRET_KEY"] == "the first"
    assert kept_keys(path) == keys
