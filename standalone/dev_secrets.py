"""The secrets of an installation that nobody gave any: made at random once and kept in a file of their own."""

import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from dotenv import dotenv_values

from campaign.secrecy.private_files import whole

MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": lambda: Fernet.generate_key().decode(),
    "ADDRESS_HASH_KEY": lambda: secrets.token_urlsafe(32),
    "DEMO_PASSWORD": lambda: secrets.token_urlsafe(12),
}


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
