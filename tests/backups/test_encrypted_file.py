"""Files of a backup: what was written is read again with the key, and nothing else is (campaign/backups)."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.backups import encrypted_file
from campaign.backups.encrypted_file import EncryptedReader, EncryptedWriter, Unreadable
from campaign.secrecy.keypairs import new_keypair

PAIR, OTHER = new_keypair(), new_keypair()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted_file, "CHUNK", 64)


def encrypted(*pieces: bytes) -> bytes:
    file = io.BytesIO()
    with EncryptedWriter(file, PAIR.public) as writer:
        for piece in pieces:
            writer.write(piece)
    return file.getvalue()


def read(content: bytes, private_key: str = PAIR.private) -> bytes:
    return EncryptedReader(io.BytesIO(content), private_key).readall()


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_what_was_written_is_read(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    content = encrypted(*pieces)
    assert read(content) == whole
    assert len(whole) < 16 or whole not in content


def test_its_size_and_checksum_are_those_of_the_file(tmp_path) -> None:
    path = tmp_path / "part"
    with path.open("wb") as file, EncryptedWriter(file, PAIR.public) as writer:
        writer.write(b"x" * 1000)
    assert (writer.size, writer.digest.hexdigest()) == (path.stat().st_size, encrypted_file.checksum(path))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unreadable, match="does not open it"):
        read(encrypted(b"secret"), OTHER.private)


def test_what_was_cut_short_is_noticed_wherever_it_was_cut() -> None:
    content = encrypted(b"x" * 500)
    for length in range(len(content)):
        with pytest.raises(Unreadable):
            read(content[:length])


def test_a_changed_byte_is_noticed_wherever_it_is() -> None:
    content = encrypted(b"x" * 150)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            read(bytes(changed))


def test_chunks_in_another_order_or_twice_are_noticed() -> None:
    content = encrypted(b"a" * 64, b"b" * 64, b"c")
    begin, chunk = len(encrypted()) - 4 - 17, 4 + 64 + 17
    first, second = content[begin : begin + chunk], content[begin + chunk : begin + 2 * chunk]
    rest = content[begin + 2 * chunk :]
    assert read(content[:begin] + first + second + rest) == b"a" * 64 + b"b" * 64 + b"c"
    for wrong in (second + first, first + first, first):
        with pytest.raises(Unreadable):
            read(content[:begin] + wrong + rest)


def test_what_follows_the_end_is_noticed() -> None:
    with pytest.raises(Unreadable, match="follows its end"):
        read(encrypted(b"x") + b"y")
