"""Open a file of signatures with the private keys. Needs no database; best done on a machine without a network."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from campaign.secrecy.keypairs import public_half
from campaign.secrecy.sealing import unseal
from petitions.handover.export_file import COLUMNS, Manifest, is_cleared


class KeyMissing(Exception):
    """Signatures are sealed to a key whose private half was not given."""


class Signer(NamedTuple):
    """One person as they entered themselves; a field is empty where they entered nothing."""

    name: str
    email: str
    address: str
    reason: str
    country: str
    channel: str
    language: str
    signed_on: str  # 2026-11-22
    confirmed_on: str
    text: str  # language and version of the wording, such as "en 1"


def signers(lines: Iterable[bytes], manifest: Manifest, private_keys: Iterable[str]) -> Iterator[Signer]:
    """Yield the signers in the order of signing, leaving out those whose names were deleted.

    Raises KeyMissing, and ValueError for a box that its key does not open.
    """
    keys = openers(manifest.head["keys"], private_keys)
    names = {pk: f"{text['language']} {text['version']}" for pk, text in manifest.head["texts"].items()}
    for line in itertools.islice(lines, 1, manifest.totals["total"] + 1):
        if is_cleared(line):
            continue
        row = dict(zip(COLUMNS, line.decode().rstrip("\n").split("\t"), strict=True))
        public_key = manifest.head["keys"][row["key"]]
        if public_key not in keys:
            raise KeyMissing(f"the private key to {public_key[:12]}… is needed as well")
        yield signer(unseal(bytes.fromhex(row["sealed"]), keys[public_key]), row, names[row["text"]])


def signer(opened: dict[str, Any], row: Mapping[str, str], text: str) -> Signer:
    personal = {key: str(opened.get(key, "")) for key in ("name", "email", "address", "reason")}
    known = {key: row[key] for key in ("country", "channel", "language", "signed_on", "confirmed_on")}
    return Signer(**personal, **known, text=text)


def openers(public_keys: Mapping[str, str], private_keys: Iterable[str]) -> dict[str, str]:
    """Return the given private keys that open these signatures, by public key. Raises KeyMissing if none does."""
    given = {public_half(private): private for private in private_keys}
    found = {public: given[public.lower()] for public in public_keys.values() if public.lower() in given}
    if not found:
        needed = ", ".join(f"{public[:12]}…" for public in public_keys.values())
        raise KeyMissing(f"none of the keys given opens these signatures; needed: {needed}")
    return found
