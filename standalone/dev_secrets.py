"""The secrets of an installation that nobody gave any: made at random once and kept in a file of their own."""

import secrets
from collections.abc import Callable
from pathlib import Path

from dotenv import dotenv_values

from campaign import env_file
from campaign.secrecy.private_files import whole

MAKERS: dict[str, Callable[[], str]] = {**env_file.MADE, "DEMO_PASSWORD": lambda: secrets.token_urlsafe(12)}


def new_keys() -> dict[str, str]:
    return {name: make() for name, make in MAKERS.items()}


def kept_keys(path: Path) -> dict[str, str]:
    """The keys in the file `path`; what it lacks is made and added."""
    kept = {name: value for name, value in dotenv_values(path).items() if value}
    keys = new_keys() | kept
    if keys != kept:
        with whole(path) as file:
            file.writelines(f"{name}={value}\n" for name, value in keys.items())
    return keys
