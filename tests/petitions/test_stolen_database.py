"""Somebody has the whole database and every key of the server: what can they read of a person who signed?"""

import ipaddress
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection
from django.test import Client
from nacl.bindings import crypto_kx_client_session_keys
from nacl.public import PrivateKey

from campaign.secrecy.encryption import decrypt
from campaign.secrecy.keypairs import new_keypair
from petitions.models import Signature
from petitions.signing import confirming
from tests.petitions.factories import make_petition, token_of
from tests.petitions.paper import load

pytestmark = pytest.mark.django_db
NETWORK = "203.0.113.77"
CANARY = {"name": "Canarina Birdsong", "email": "canary@birds.example", "country": "DE"}
WORDS = ("canary", "canarina", "birdsong", "birds.example")


@pytest.fixture
def signature(client: Client) -> Signature:
    make_petition()
    client.post("/petitions/stop/", CANARY, REMOTE_ADDR=NETWORK)
    return Signature.objects.select_related("petition").get()


def everything() -> list[bytes]:
    """All that stands in all tables; what the server's keys open stands there opened as well."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return [part for table in tables for row in rows_of(cursor, table) for value in row for part in parts(value)]


def rows_of(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # the database named it
    return cursor.fetchall()


def parts(value: Any) -> list[bytes]:
    raw = bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
    try:
        return [raw, decrypt(raw).encode()]
    except InvalidToken:
        return [raw]


def readable(*words: str) -> set[str]:
    found = b"\n".join(everything()).lower()
    return {word for word in words if word.encode() in found}


def test_once_the_mail_has_gone_and_is_answered_nothing_of_a_signer_can_be_read(signature, outbox_drained):
    outbox_drained()
    assert confirming.confirm(token_of(signature))
    outbox_drained()
    assert readable(*WORDS) == set()


def test_while_a_mail_waits_its_address_can_be_read_and_no_name(signature):
    """As it must be; it shows also that the test above would find what is there."""
    assert readable(*WORDS) == {"canary", "birds.example"}


def test_no_network_address_is_kept(signature):
    packed = ipaddress.ip_address(NETWORK).packed
    stored = everything()
    assert not any(NETWORK.encode() in part or packed in part for part in stored)
    assert not any(b"203.0.113" in part for part in stored)


def test_what_a_chunk_of_paper_was_sealed_with_is_not_kept(monkeypatch):
    """Of the key pair made for it each row begins with the public half, with which nobody opens anything."""
    pair, ephemeral = new_keypair(), PrivateKey.generate()
    petition = make_petition(keypair=pair)
    monkeypatch.setattr(PrivateKey, "generate", lambda: ephemeral)
    load(petition, "Canarina Birdsong,canary@birds.example,,DE")
    public, secret = bytes(ephemeral.public_key), bytes(ephemeral)
    agreed = crypto_kx_client_session_keys(public, secret, bytes.fromhex(pair.public))
    stored = b"\n".join(everything())
    assert public in stored
    assert not any(key in stored for key in (secret, *agreed))
    assert readable(*WORDS) == set()
