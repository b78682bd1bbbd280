"""Look up ZIP codes and their states in the project's own tables; nothing here asks an outside service."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
ZIP_FORMAT = re.compile(r"(\d{5})(?:\s*[-\u2010-\u2015\u2212]?\s*(\d{4}))?", re.ASCII)


@dataclass(frozen=True)
class ZipPlaces:
    """`places` are codes of states, territories or military mail; empty for a prefix that does not exist."""

    places: tuple[str, ...]
    is_used: bool


def clean_zip(text: str) -> str | None:
    """Return the ZIP as it is written on an envelope, or None if it cannot be one.

    >>> [clean_zip(text) for text in (" 87501-1234 ", "875011234", "87501 1234", "87501–1234")]
    ['87501-1234', '87501-1234', '87501-1234', '87501-1234']
    >>> clean_zip("1234"), clean_zip("12345X1234"), clean_zip("87501-")
    (None, None, None)
    """
    match = ZIP_FORMAT.fullmatch(text.strip())
    return "-".join(filter(None, match.groups())) if match else None


def places_of(zip_code: str) -> ZipPlaces:
    five, prefix = zip_code[:5], zip_code[:3]
    if five in several():
        return ZipPlaces(several()[five], is_used=True)
    if five in exceptions():
        return ZipPlaces((exceptions()[five],), is_used=True)
    state, is_used = prefixes().get(prefix, ("", False))
    return ZipPlaces((state,) if state else (), is_used)


def is_exceptional(zip_code: str) -> bool:
    """Return whether a ZIP has an entry of its own here: in another state than its prefix says, or in several."""
    return zip_code[:5] in exceptions() or zip_code[:5] in several()


@cache
def prefixes() -> dict[str, tuple[str, bool]]:
    return {row["prefix"]: (row["state"], row["is_used"] == "yes") for row in read_rows("zip_prefixes.csv")}


@cache
def exceptions() -> dict[str, str]:
    return {row["zip"]: row["state"] for row in read_rows("zip_exceptions.csv")}


@cache
def several() -> dict[str, tuple[str, ...]]:
    return {row["zip"]: tuple(row["states"].split()) for row in read_rows("zip_multistate.csv")}


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the project's data files, whose first lines are comments on their source."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))
