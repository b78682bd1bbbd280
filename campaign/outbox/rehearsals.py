"""The rehearsal of the whole site: mail leaves to staff only, and letters go to the sandbox.

    rehearsals.begin(by="chief")
    rehearsals.end(by="chief")

It is asked about where something leaves, just before it does: mail in campaign/mail/handler.py, issues of the
newsletter in pages/newsletter/mails.py, letters in letters/delivery/. What was put into the outbox before the rehearsal
began waits until it is over. What comes while it lasts is never sent: mail is kept here for staff to read, without its
address and its secret links, and letters stand in the sandbox.
"""

import re
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, Subquery
from django.db.models.functions import Now, TruncHour

from campaign import audit
from campaign.journal import journal
from campaign.outbox.handlers import Retry
from campaign.outbox.models import REHEARSAL, Item, Rehearsal, RehearsedMail

LOOK_AGAIN = timedelta(minutes=10)
MOST_WAITING = 10_000
KEPT = timedelta(days=7)
LINK = re.compile(r"(https?://[^/\s]+)(\S*)")
SECRET = re.compile(r"(?<==)[^&\s]+|(?<=/)[\w.~%:=-]{16,}(?=/|\?|$)")
CODE = re.compile(r"\b\d{4}\s?\d{4}\b")

# The outcome of work that was put before the rehearsal began.
AFTER_REHEARSAL = Retry(REHEARSAL, after=LOOK_AGAIN, is_spent=False)


def current() -> Rehearsal | None:
    return Rehearsal.objects.running().first()


def since() -> Subquery:
    return Rehearsal.objects.since()


def has_been() -> Exists:
    """Return the condition that the site has ever been rehearsed, for a query."""
    return Exists(Rehearsal.objects.all())


def began_at() -> datetime | None:
    return Rehearsal.objects.running().values_list("began_at", flat=True).first()


@transaction.atomic
def begin(*, by: str) -> bool:
    """Begin a rehearsal; return False if one has begun already."""
    try:
        with transaction.atomic():
            begun = Rehearsal.objects.create(begun_by=by)
    except IntegrityError:
        return False
    note("begun", begun, by=by)
    return True


@transaction.atomic
def end(*, by: str) -> bool:
    """End the rehearsal; return False if there is none."""
    running = Rehearsal.objects.running().select_for_update().first()
    if running is None:
        return False
    Rehearsal.objects.filter(pk=running.pk).update(ended_at=Now(), ended_by=by)
    note("ended", running, by=by)
    return True


def note(act: str, rehearsal: Rehearsal, *, by: str) -> None:
    """Write it into the audit, and have it outlive a restored backup."""
    audit.note(f"rehearsal.{act}", by=by, on=rehearsal)
    rehearsal.refresh_from_db()
    ended_at = rehearsal.ended_at.isoformat() if rehearsal.ended_at else ""
    journal.record("rehearsal", began_at=rehearsal.began_at.isoformat(), ended_at=ended_at, by=by)


def keep(item: Item, *, language: str, subject: str, text: str, address: str) -> None:
    """Keep a mail that is not sent, then or later; call it in the transaction that settles its item.

    A restored backup in which the item still waits does not send it, either. Only the hour is kept: the second would
    tell of which act on the site it was part.
    """
    journal.record("mailed", item=item.pk, mark=item.mark, kind=item.kind)
    words = without_secrets(f"{subject}\n\n{text}".replace(address, "…"))
    about = {"kind": item.kind, "language": language, "words": words}
    RehearsedMail.objects.create(rehearsal=Rehearsal.objects.latest("pk"), made_at=TruncHour(Now()), **about)


def without_secrets(text: str) -> str:
    """Return the text without what only the mailbox may know: what stands in its links, and codes.

    >>> without_secrets("Open https://x.org/petitions/confirm/2nY8dS1x0aQ_9-zKk3Lm/?receipt=ey.1 or enter 12345678")
    'Open https://x.org/petitions/confirm/…/?receipt=… or enter …'
    """
    return CODE.sub("…", LINK.sub(lambda link: link[1] + SECRET.sub("…", link[2]), text))


def waiting() -> int:
    """Count the mails and letters that wait for the end of the rehearsal, up to MOST_WAITING."""
    return Item.objects.due_within(LOOK_AGAIN).because(REHEARSAL)[:MOST_WAITING].count()


def forget() -> int:
    """Delete mails that were kept for KEPT; return how many."""
    return RehearsedMail.objects.filter(made_at__lt=Now() - KEPT).delete()[0]
