"""Load a list chunk by chunk. It can be stopped at any moment and resumes where it was; nobody is entered twice."""

from collections.abc import Iterator
from datetime import datetime
from itertools import batched

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F

from campaign import audit
from campaign.database import clock
from campaign.outbox import queue, suppressions
from campaign.protection.inputs.csv_records import CsvRecord
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.encryption import encrypt
from campaign.supporters.lists import uploads
from campaign.supporters.lists.rows import ListLayout, Wanted, list_rows
from campaign.supporters.models import ImportState, SubscriberImport, SubscriberState
from campaign.supporters.subscriptions import PURPOSE, ask, confirm_token, lasting_token

IMPORT = "supporters.import"
LIST_CHUNK = 5000  # records in one transaction
ASKED_CHUNK = 20  # of those who are asked: each mail takes statements of its own, and locks the budget of a domain

CHUNK_TABLE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS import_chunk (
        fingerprint bytea, address bytea, language text, country text, nonce bytea, token bytea, leave bytea
    ) ON COMMIT DROP
"""
COPY_CHUNK = "COPY import_chunk FROM STDIN"

# Ordered by fingerprint, so that two imports at once cannot deadlock. Who has asked for news here and has not confirmed
# is entered by what the list proves; where it proves nothing, the mail that they have is enough.
ENTER_CHUNK = """
    INSERT INTO supporters_subscriber (
        fingerprint, address, language, country, source_id, state, consent_id, nonce, token_digest, unsubscribe_digest,
        created_at, confirmed_at
    )
    SELECT DISTINCT ON (fingerprint) fingerprint, address, language, country, %(source)s, %(state)s, %(consent)s, nonce,
        token, leave, %(today)s, %(confirmed)s
    FROM import_chunk ORDER BY fingerprint
    ON CONFLICT (fingerprint) DO UPDATE SET state = EXCLUDED.state, address = EXCLUDED.address,
        language = EXCLUDED.language, country = EXCLUDED.country, source_id = EXCLUDED.source_id,
        consent_id = EXCLUDED.consent_id, created_at = EXCLUDED.created_at, confirmed_at = EXCLUDED.confirmed_at
    WHERE supporters_subscriber.state = 'pending' AND supporters_subscriber.confirmed_at IS NULL
        AND supporters_subscriber.unsubscribed_at IS NULL AND EXCLUDED.state = 'confirmed'
    RETURNING fingerprint
"""

# All others count as new: whoever has asked for news here and not joined is told of to nobody.
COUNT_CHUNK = """
    SELECT count(*) FILTER (WHERE state = 'confirmed'),
        count(*) FILTER (WHERE state <> 'confirmed' AND unsubscribed_at IS NOT NULL)
    FROM import_chunk JOIN supporters_subscriber USING (fingerprint) WHERE fingerprint <> ALL (%(entered)s)
"""


class ImportStopped(Exception):
    """The import was stopped, or another worker is loading it."""


@transaction.atomic
def start(one: SubscriberImport, *, by: User) -> bool:
    """Have a worker load the list; return False if its state does not allow that."""
    if not SubscriberImport.objects.change(one, ImportState.LOADING):
        return False
    audit.note("subscribers.imported", by=by.get_username(), on=one, rows=one.rows, asks=one.asks)
    queue.put(IMPORT, subject=one.pk, payload={"import": one.pk})
    return True


@transaction.atomic
def stop(one: SubscriberImport, *, by: User) -> bool:
    """Stop loading, as staff want it; return False if it is not being loaded."""
    is_done = cancel(one)
    if is_done:
        audit.note("subscribers.import-stopped", by=by.get_username(), on=one, new=one.new)
    return is_done


@transaction.atomic
def cancel(one: SubscriberImport, problem: str = "") -> bool:
    """Stop loading; who was entered stays until the import is taken back."""
    is_done = SubscriberImport.objects.filter(state=ImportState.LOADING).change(
        one, ImportState.CANCELLED, problem=problem
    )
    if is_done:
        uploads.wipe_parts(one)
    return is_done


def load(one: SubscriberImport) -> Iterator[None]:
    """Enter the list chunk by chunk, yielding after each. Raises Unusable, ImportStopped."""
    records, layout = uploads.open_list(one)
    left = (record for record in records if record[0] > one.lines_read)
    for chunk in batched(left, ASKED_CHUNK if one.asks else LIST_CHUNK):
        enter_chunk(one, chunk, layout)
        yield
    if SubscriberImport.objects.filter(state=ImportState.LOADING).change(one, ImportState.LOADED):
        uploads.wipe_parts(one)


@transaction.atomic
def enter_chunk(one: SubscriberImport, chunk: tuple[CsvRecord, ...], layout: ListLayout) -> None:
    """Enter the whole chunk or nothing of it, and never twice. Raises ImportStopped."""
    progress = SubscriberImport.objects.filter(pk=one.pk, state=ImportState.LOADING, lines_read=one.lines_read)
    if not progress.select_for_update().exists():
        raise ImportStopped
    wanted = [row for _number, row in list_rows(chunk, layout) if isinstance(row, Wanted)]
    refused = suppressions.among(row.address for row in wanted)
    welcome = [row for row in wanted if row.address not in refused]
    new, left = write_chunk(one, welcome)
    one.lines_read = chunk[-1][0]
    progress.update(
        lines_read=one.lines_read,
        bytes_read=F("bytes_read") + sum(len(text) for _number, text in chunk),
        new=F("new") + new,
        left=F("left") + left,
        suppressed=F("suppressed") + len(wanted) - len(welcome),
        known=F("known") + len(welcome) - new - left,
    )


def write_chunk(one: SubscriberImport, wanted: list[Wanted]) -> tuple[int, int]:
    """Enter them, and ask those who are to be asked; return how many count as new, and how many had left."""
    by_print = {fingerprint(row.address, PURPOSE): row for row in wanted}
    with connection.cursor() as cursor:
        cursor.execute(CHUNK_TABLE)
        with cursor.copy(COPY_CHUNK) as copy:
            for print_, row in by_print.items():
                copy.write_row(chunk_row(print_, row))
        cursor.execute(ENTER_CHUNK, values_of(one))
        entered = [bytes(print_) for (print_,) in cursor.fetchall()]
        cursor.execute(COUNT_CHUNK, {"entered": entered})
        subscribed, left = cursor.fetchone()
        cursor.execute("TRUNCATE import_chunk")
    if one.asks:
        for row in map(by_print.__getitem__, entered):
            ask(address=row.address, language=row.language, by_import=one.pk)
    return len(by_print) - subscribed - left, left


def chunk_row(print_: bytes, row: Wanted) -> tuple[bytes | str, ...]:
    nonce = tokens.new_nonce()
    digests = tokens.digest(confirm_token(nonce)), tokens.digest(lasting_token(print_))
    return print_, encrypt(row.address), row.language, row.country, nonce, *digests


def values_of(one: SubscriberImport) -> dict[str, int | str | datetime | None]:
    today = clock.start_of_day()
    state = SubscriberState.PENDING if one.asks else SubscriberState.CONFIRMED
    confirmed = None if one.asks else today
    return {"source": one.pk, "consent": one.consent_id, "state": state, "today": today, "confirmed": confirmed}
