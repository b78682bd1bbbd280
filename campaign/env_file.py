"""The file of settings: read, added to, and never seen half written or by anybody else."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.fernet import Fernet
from dotenv import dotenv_values
from pydantic import ValidationError

from campaign.environment import Environment
from campaign.secrecy.private_files import whole

# Names, in the environment of `manage.py`, the file whose settings stand there too.
PATH_NAME = "SETTINGS_FILE"
# Of which a site has its own, and nobody need think of them.
MADE: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": lambda: Fernet.generate_key().decode(),
    "ADDRESS_HASH_KEY": lambda: secrets.token_urlsafe(50),
}
# What starts with no fault of its own, so that one answer can be checked by itself.
STAND_INS = {"DATABASE_URL": "postgresql:///x", "REDIS_URL": "redis://x", "DEBUG": "1"}


def read(path: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Replace the file. Each value stands between single quotes, which dotenv, systemd and a shell read alike.

    Raises OSError.
    """
    with whole(path, encoding="utf-8") as file:
        file.writelines(f"{name}='{value}'\n" for name, value in settings.items())


def fault_of(name: str, value: str) -> str:
    """Return what is wrong with one setting, in words; nothing if it can be used."""
    if "'" in value or "\n" in value:
        return "a single quote cannot stand in it"
    try:
        Environment(_env_file=None, **(STAND_INS | {name: value}))  # type: ignore[arg-type, call-arg]  # texts, as from a file
    except ValidationError as error:
        faults = [fault["msg"] for fault in error.errors(include_url=False) if fault["loc"] == (name,)]
        return faults[0] if faults else ""
    return ""
