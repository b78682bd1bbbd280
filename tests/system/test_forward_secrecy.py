"""A thief has the data directory with its log and every key that there is: whose address can be read?

docs/decisions/0040-keys-of-a-period.md
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import InvalidToken

from campaign.secrecy.encryption import decrypt_bytes
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import FolderAway, KeyGone
from tests.live.site import LiveSite
from tests.system.nights import let_nights_pass
from tests.system.people import press, sign
from tests.system.thief import content_of

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

SIGNERS = [f"canary-{number}@birds.example.org" for number in range(6)]
LONGEST = 120  # bytes of what was sealed, as a thief would try them


def folders(site: LiveSite) -> list[Path]:
    """Where PostgreSQL keeps the tables of this site, and its log."""
    ((folder, oid),) = site.query(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
    )
    return [Path(folder) / "base" / str(oid), Path(folder) / "pg_wal"]


def opened(site: LiveSite) -> set[bytes]:
    """Everything that any key opens, wherever in those files a box begins."""
    with psycopg.connect(site.owner_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    files = [file for folder in folders(site) for file in folder.iterdir() if file.is_file()]
    return {plain for file in files for plain in opened_in(content_of(file))}


def opened_in(stored: bytes) -> Iterator[bytes]:
    start = stored.find(boxes.MAGIC)
    while start >= 0:
        yield from opened_at(stored, start)
        start = stored.find(boxes.MAGIC, start + 1)


def opened_at(stored: bytes, start: int) -> Iterator[bytes]:
    shortest = boxes.HEAD + boxes.EPHEMERAL_BYTES + 40
    for length in range(shortest, shortest + LONGEST):
        try:
            yield decrypt_bytes(stored[start : start + length])
        except (KeyGone, FolderAway):
            return
        except InvalidToken:
            continue


def known(site: LiveSite) -> set[str]:
    everything = b"\n".join(opened(site)).decode(errors="replace")
    return {address for address in SIGNERS if address in everything}


def test_who_confirmed_is_known_to_nobody_after_the_next_night(site: LiveSite):
    for address in SIGNERS:
        assert sign(site, address).status_code == 302
    for address in SIGNERS[:-1]:
        press(site, site.link(site.mails(address)[0], "/petitions/confirm/"))
    last = site.mails(SIGNERS[-1])[0]
    assert known(site) == set(SIGNERS)  # the control: that day whoever has the keys reads all of them

    let_nights_pass(site)
    assert known(site) == {SIGNERS[-1]}  # who has not confirmed will be reminded

    press(site, site.link(last, "/petitions/confirm/"))
    let_nights_pass(site)
    assert known(site) == set()
