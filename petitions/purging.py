"""Retention: what a petition knew of people goes some months after its end; its counts stay.

Each batch is one transaction. A run that is stopped is taken up by the next: what is cleared is not looked at again.
"""

from collections.abc import Generator

from django.db import connection
from django.db.models.functions import Now

from petitions.models import BatchState, PaperBatch, PaperRemark, Petition, Rekeying, UploadPart

BATCH = 5000
UNCONFIRMED_DAYS = 30  # behind the end of the link

# Chosen once: a subquery that locks may be run again for each row, and then chooses others.
# The fingerprint is random afterwards: nobody can ask whether an address is among them, not even with every key.
CLEAR = """
    WITH chosen AS MATERIALIZED (
        SELECT id FROM petitions_signature WHERE petition_id = %(petition)s AND sealed <> '' AND id > %(after)s
        ORDER BY id LIMIT %(limit)s FOR UPDATE
    )
    UPDATE petitions_signature s
    SET sealed = '', nonce = NULL, token_digest = NULL, token_expires_at = NULL,
        fingerprint = uuid_send(gen_random_uuid())
    FROM chosen WHERE s.id = chosen.id
    RETURNING s.id
"""

DELETE_UNCONFIRMED = """
    WITH chosen AS MATERIALIZED (
        SELECT id FROM petitions_signature
        WHERE state = 'pending' AND token_expires_at < now() - make_interval(days => %(days)s) AND id > %(after)s
        ORDER BY id LIMIT %(limit)s FOR UPDATE
    )
    DELETE FROM petitions_signature s USING chosen WHERE s.id = chosen.id
    RETURNING s.id
"""


def clear_closed() -> int:
    """Clear the signatures of every petition whose retention is over; how many."""
    return sum(clear(petition) for petition in Petition.objects.past_retention())


def clear(petition: Petition) -> int:
    cleared = sum(batches(CLEAR, petition=petition.pk))
    petition.voices.all().delete()
    clear_paper(petition)
    Petition.objects.filter(pk=petition.pk).update(purged_at=Now())
    return cleared


def clear_paper(petition: Petition) -> None:
    """What batches hold of people: struck rows, files that were never loaded to their end, who collected."""
    PaperRemark.objects.filter(batch__petition=petition, sealed__isnull=False).update(sealed=None)
    UploadPart.objects.filter(batch__petition=petition).delete()
    Rekeying.objects.filter(batch__petition=petition, digest__isnull=False).update(digest=None)
    PaperBatch.objects.filter(petition=petition).update(collector="")
    PaperBatch.objects.filter(petition=petition).exclude(state=BatchState.LOADING).update(source="")


def delete_unconfirmed() -> int:
    """Delete who never confirmed, some time after their link has ended; none of them was ever counted."""
    return sum(batches(DELETE_UNCONFIRMED, days=UNCONFIRMED_DAYS))


def batches(statement: str, **values: int) -> Generator[int]:
    """Repeat `statement` over the table, by id, until it finds less than a batch; the size of each."""
    after, found = 0, BATCH
    while found == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**values, "after": after, "limit": BATCH})
            ids = [pk for (pk,) in cursor]
        found, after = len(ids), max(ids, default=after)
        yield found
