"""What a confirmed signature takes on the disk, with all its indexes and with what its way there leaves behind."""

import secrets
from collections.abc import Iterator
from itertools import islice

import psycopg

from bench.load.people import people
from bench.report import Figure
from bench.stage import Stage
from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import seal

ROUNDS = 20
COLUMNS = (
    "petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id, "
    "hold_reason, signed_on, nonce, token_digest, token_expires_at"
)
CONFIRM = "UPDATE petitions_signature SET state = 'confirmed', confirmed_on = current_date WHERE state = 'pending'"


def sealed_lengths(number: int) -> list[int]:
    """Of boxes of people's names and addresses; what is in a box cannot be told from random bytes."""
    key = new_keypair().public
    return [len(seal({"name": one.name, "email": one.email}, key)) for one in islice(people("length"), number)]


def rows(number: int, ids: tuple[int, int, int, int], lengths: list[int]) -> Iterator[tuple[object, ...]]:
    """In the order of COLUMNS."""
    petition, key, text, consent = ids
    for place in range(number):
        sealed = secrets.token_bytes(lengths[place % len(lengths)])
        fingerprint, nonce, digest = (secrets.token_bytes(16) for _ in range(3))
        told = (petition, fingerprint, "pending", key, sealed, "DE", "en", "web", text, consent, "")
        yield (*told, "today", nonce, digest, "tomorrow")


def bytes_each(stage: Stage, number: int) -> list[Figure]:
    """Signed and confirmed in turns, so that room left by the first state of a row is used again as it is in life."""
    size = "SELECT pg_total_relation_size('petitions_signature')"
    before = stage.value(size)
    lengths = sealed_lengths(500)
    with psycopg.connect(stage.environment["DATABASE_URL"], autocommit=True) as connection:
        ids = connection.execute(
            "SELECT p.id, p.active_key_id, (SELECT max(id) FROM petitions_petitiontext t WHERE t.petition_id = p.id), 0"
            " FROM petitions_petition p ORDER BY p.id LIMIT 1"
        ).fetchone()
        assert ids is not None
        for _ in range(ROUNDS):
            copy(connection, rows(number // ROUNDS, ids, lengths))
            connection.execute(CONFIRM)
            connection.execute("VACUUM petitions_signature")
    return [Figure("bytes of a confirmed signature", (stage.value(size) - before) / number, "B", most=500)]


def copy(connection: psycopg.Connection, lines: Iterator[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY petitions_signature ({COLUMNS}) FROM STDIN") as copying:
        for line in lines:
            copying.write_row(line)
