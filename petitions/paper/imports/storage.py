"""Store a chunk of a batch in one transaction: signatures, count events, remarks, progress."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import F

from campaign.database import clock
from campaign.outbox import queue
from petitions.models import BatchState, Channel, PaperBatch, PaperRemark, PetitionKey, Signature, State
from petitions.models.paper import Reason, RowOutcome
from petitions.paper.imports.sealing import Remark, Sealed
from petitions.signing.sign import FOLLOW_UPS

TABLE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS paper_chunk (number int, fingerprint bytea, sealed bytea, country text)
    ON COMMIT DROP
"""

# Ordered by fingerprint, so that two imports at once cannot deadlock.
INSERT = """
    WITH inserted AS (
        INSERT INTO petitions_signature (
            petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id,
            signed_on, confirmed_on, hold_reason, batch_id, batch_row
        )
        SELECT %(petition)s, fingerprint, 'confirmed', %(key)s, sealed, country, %(language)s, %(channel)s, %(text)s,
            %(consent)s, %(signed_on)s, %(today)s, '', %(batch)s, number
        FROM paper_chunk ORDER BY fingerprint
        ON CONFLICT DO NOTHING
        RETURNING country
    )
    INSERT INTO petitions_countevent (petition_id, country, channel, day, change)
    SELECT %(petition)s, country, %(channel)s, %(today)s, count(*) FROM inserted GROUP BY country
    RETURNING change
"""

# Somebody who signed online and never confirmed has signed on paper as well: the paper signature counts, with what is
# written on it. The mailed link still leads to it; when the link would have expired is forgotten, since that gives away
# the second of signing. Words to be shown are forgotten: whoever typed them never proved to be the one who signed.
TAKE_OVER = """
    WITH taken AS (
        UPDATE petitions_signature s
        SET state = 'confirmed', channel = %(channel)s, key_id = %(key)s, sealed = c.sealed, country = c.country,
            language = %(language)s, text_id = %(text)s, consent_id = %(consent)s, signed_on = %(signed_on)s,
            confirmed_on = %(today)s, token_expires_at = NULL, batch_id = %(batch)s, batch_row = c.number
        FROM (SELECT DISTINCT ON (fingerprint) * FROM paper_chunk ORDER BY fingerprint, number) c
        WHERE s.petition_id = %(petition)s AND s.fingerprint = c.fingerprint
            AND s.state = 'pending' AND s.hold_reason = ''
        RETURNING s.id, s.country
    ), silenced AS (
        DELETE FROM petitions_voice v USING taken WHERE v.signature_id = taken.id
    )
    INSERT INTO petitions_countevent (petition_id, country, channel, day, change)
    SELECT %(petition)s, country, %(channel)s, %(today)s, count(*) FROM taken GROUP BY country
    RETURNING change
"""

MATCHED = """
    SELECT c.number, s.batch_id IS NOT DISTINCT FROM %(batch)s, s.channel, s.state
    FROM paper_chunk c JOIN petitions_signature s ON s.petition_id = %(petition)s AND s.fingerprint = c.fingerprint
    WHERE (s.batch_id, s.batch_row) IS DISTINCT FROM (%(batch)s, c.number)
"""


def why_known(channel: str, state: str) -> Reason:
    if state == State.CONFIRMED:
        return Reason.PAPER if channel == Channel.PAPER else Reason.ONLINE
    return Reason.WITHDRAWN if state == State.WITHDRAWN else Reason.SET_ASIDE


class ImportInterrupted(Exception):
    """The batch was cancelled, or somebody else is loading it."""


@dataclass(frozen=True)
class Storing:
    batch: PaperBatch
    key: PetitionKey
    today: date

    @classmethod
    def into(cls, batch: PaperBatch, key: PetitionKey) -> "Storing":
        return cls(batch, key, clock.now().date())

    @transaction.atomic
    def store(self, chunk: Sealed) -> None:
        """Store the whole chunk or nothing of it, and never twice. Raises ImportInterrupted."""
        progress = PaperBatch.objects.filter(
            pk=self.batch.pk, state=BatchState.LOADING, lines_read=self.batch.lines_read
        )
        if not progress.select_for_update().exists():
            raise ImportInterrupted
        added = self.store_again(chunk)
        self.batch.lines_read = chunk.lines_read
        progress.update(
            lines_read=chunk.lines_read,
            bytes_read=F("bytes_read") + chunk.bytes_read,
            **{name: F(name) + added[name] for name in ("good", *RowOutcome.values)},
        )

    def store_again(self, chunk: Sealed) -> Counter[str]:
        """Store rows whatever the progress of the batch; return how many count, and how many have each outcome."""
        good = self.insert(chunk)
        remarks = [*chunk.remarks, *self.matched()] if good < chunk.good else chunk.remarks
        self.remark(remarks)
        return Counter({"good": good}) + Counter(str(remark.outcome) for remark in remarks)

    def insert(self, chunk: Sealed) -> int:
        """Insert the rows, and take over what those signers began online; return how many rows now count."""
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
            cursor.execute("TRUNCATE paper_chunk")  # an earlier chunk's of this transaction
            with cursor.copy("COPY paper_chunk FROM STDIN") as copy:
                copy.write(chunk.rows)
            cursor.execute(INSERT, self.values)
            counted = sum(change for (change,) in cursor.fetchall())
            if counted < chunk.good:
                cursor.execute(TAKE_OVER, self.values)
                counted += sum(change for (change,) in cursor.fetchall())
                self.forget_reminders()
            return counted

    def forget_reminders(self) -> None:
        """Cancel the reminders of those in this chunk who had begun online."""
        mine = Signature.objects.filter(batch=self.batch, batch_row__gt=self.batch.lines_read)
        queue.forget(FOLLOW_UPS, mine.filter(token_digest__isnull=False).values_list("pk", flat=True))

    def matched(self) -> Iterator[Remark]:
        with connection.cursor() as cursor:
            cursor.execute(MATCHED, self.values)
            for number, is_same_batch, channel, state in cursor.fetchall():
                reason = Reason.REPEATED if is_same_batch else why_known(channel, state)
                yield Remark(number, RowOutcome.MATCHED, reason)

    def remark(self, remarks: list[Remark]) -> None:
        PaperRemark.objects.bulk_create(
            PaperRemark(batch=self.batch, number=r.number, outcome=r.outcome, reason=r.reason, sealed=r.sealed)
            for r in remarks
        )

    @property
    def values(self) -> dict[str, int | str | date]:
        return {
            "petition": self.batch.petition_id,
            "key": self.key.pk,
            "language": self.batch.text.language,
            "text": self.batch.text_id,
            "consent": self.batch.consent_id,
            "signed_on": self.batch.collected_on,
            "today": self.today,
            "channel": Channel.PAPER,
            "batch": self.batch.pk,
        }
