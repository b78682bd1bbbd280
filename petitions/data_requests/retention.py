"""Retention: clear what a petition knows of people some months after its end; its counts stay.

It is announced a week before to all who may change petitions, and stopped by any of them: otherwise one who changes the
dates of a petition would delete for ever, the next night, all names that somebody signed with.

Each batch is one transaction. A run that was stopped is continued by the next: what is cleared is not looked at again.
"""

from collections.abc import Generator
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Greatest, Now

from campaign import audit
from campaign.database import clock
from campaign.staff.dual_control import mails
from petitions.models import BatchState, Clearing, PaperBatch, PaperRemark, Petition, Rekeying, UploadPart, Voice
from petitions.models.paper import PaperBatchQuerySet

BATCH = 5000
ANNOUNCED_FOR = timedelta(days=7)
UNCONFIRMED_DAYS = 30  # days after the link has expired
REFUSED_DAYS = 7  # for which moderators can think again

# MATERIALIZED, because a subquery that locks may run again for each row and then choose others. The fingerprint becomes
# random: nobody can ask whether an address is among the signers, not even with every key.
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
    """Clear the signatures of every petition whose retention is over and was announced; return how many."""
    announce_ends()
    return sum(clear_announced(clearing) for clearing in Clearing.objects.due().for_work())


@transaction.atomic
def announce_ends() -> None:
    """Announce which petitions will be cleared; one that somebody stopped is announced again, for another week."""
    ending = Petition.objects.past_retention(within=ANNOUNCED_FOR)
    Clearing.objects.standing().exclude(petition__in=ending.values("pk")).delete()
    for petition in ending.exclude(pk__in=Clearing.objects.standing().values("petition")):
        opens_at = Greatest(Now() + ANNOUNCED_FOR, Value(petition.ends_at))
        clearing = Clearing.objects.create(petition=petition, opens_at=opens_at)
        audit.note("clearing.announced", by="", on=petition)
        mails.announce("approved", clearing, by="")


def clear_announced(clearing: Clearing) -> int:
    """Clear a petition unless somebody stopped that or mended its dates; what was begun goes on after a crash."""
    with transaction.atomic():
        Petition.objects.select_for_update(no_key=True).get(pk=clearing.petition_id)
        Clearing.objects.locked(clearing)
        if not Clearing.objects.due().filter(pk=clearing.pk).exists():
            return 0
        Clearing.objects.filter(pk=clearing.pk).update(begun_at=Now())
    cleared = clear_petition(clearing.petition)
    clearing.delete()
    return cleared


def clear_petition(petition: Petition) -> int:
    """Clear what there is of people as it begins; paper that comes meanwhile is announced and cleared next."""
    begun_at = clock.now()
    paper = PaperBatch.objects.filter(petition=petition, created_at__lte=begun_at)
    stop_paper(paper)
    cleared = sum(batches(CLEAR, petition=petition.pk))
    petition.voices.all().delete()
    clear_paper(paper)
    Petition.objects.filter(pk=petition.pk).update(purged_at=begun_at)
    return cleared


def stop_paper(paper: PaperBatchQuerySet) -> None:
    """End what is being typed, loaded or looked at, whose rows would otherwise come in behind the clearing."""
    begun = paper.filter(state=BatchState.LOADING)
    begun.filter(source="").update(state=BatchState.LOADED)
    begun.update(state=BatchState.CANCELLED)
    paper.filter(state=BatchState.UPLOADED).update(state=BatchState.UNDONE)


def clear_paper(paper: PaperBatchQuerySet) -> None:
    """Clear what batches hold of people: struck rows, files that were never loaded completely, who collected."""
    PaperRemark.objects.filter(batch__in=paper, sealed__isnull=False).update(sealed=None)
    UploadPart.objects.filter(batch__in=paper).delete()
    Rekeying.objects.filter(batch__in=paper, digest__isnull=False).update(digest=None)
    paper.update(collector=None, source="")


def delete_unconfirmed() -> int:
    """Delete signatures that were never confirmed, UNCONFIRMED_DAYS after their link expired; return how many."""
    return sum(batches(DELETE_UNCONFIRMED, days=UNCONFIRMED_DAYS))


def forget_refused() -> int:
    """Forget the words of signers that moderators have refused, REFUSED_DAYS later; return how many."""
    return Voice.objects.refused().filter(refused_on__lt=Now() - timedelta(days=REFUSED_DAYS)).update(words=None)


def batches(statement: str, **values: int) -> Generator[int]:
    """Repeat `statement` over the table, by id, until it finds less than a batch; yield the size of each batch."""
    after, found = 0, BATCH
    while found == BATCH:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**values, "after": after, "limit": BATCH})
            ids = [pk for (pk,) in cursor]
        found, after = len(ids), max(ids, default=after)
        yield found
