"""The end of a period: a new one is opened, what still waits is sealed anew, and the old key is destroyed.

`tend` runs every few minutes and does what is due; each step is a transaction of its own and may be done again. Nothing
depends on the moment: a process seals with a key for at most a minute after its period has closed, what it wrote is
found by the next look, and a key is destroyed only after two looks found nothing under it.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Now

from campaign.secrecy.encryption import EncryptedTextField, SealedBytesField
from campaign.secrecy.models import Period
from campaign.secrecy.periods import boxes, keys
from campaign.secrecy.periods.keys import ID_BYTES, FolderAway, KeyGone, Purpose

logger = logging.getLogger(__name__)

LASTS = {
    Purpose.PAGE: timedelta(minutes=15),
    Purpose.SHORT: timedelta(days=1),
    Purpose.LINK: timedelta(days=1),
    Purpose.LONG: timedelta(days=7),
}
# After the end of a period its key stays for so long: a page can be loaded again, a mailed link be used for two days,
# letters of a backup that is a week old be opened.
KEY_KEPT = {
    Purpose.PAGE: timedelta(minutes=45),
    Purpose.SHORT: timedelta(minutes=10),
    Purpose.LINK: timedelta(days=2),
    Purpose.LONG: timedelta(days=7),
}
SETTLING = timedelta(minutes=2)  # after which no process seals with the key of a closed period
BETWEEN_LOOKS = timedelta(minutes=1)
KEY_LATE = timedelta(hours=6)  # after which a key that is still there is told to administrators
REMEMBERED = timedelta(days=90)
BATCH = 1000

SELECT = """
    SELECT {pk}, {column} FROM {table}
    WHERE {pk} > %(after)s AND substring({column} FROM 1 FOR %(length)s) = %(head)s
    ORDER BY {pk} LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
UPDATE = "UPDATE {table} SET {column} = %s WHERE {pk} = %s"
REMAINS = "SELECT EXISTS (SELECT FROM {table} WHERE substring({column} FROM 1 FOR %(length)s) = %(head)s)"
OLDER_TRANSACTION = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            AND xact_start < %s
    )
"""


def tend() -> None:
    """Do what is due for the periods of every purpose."""
    open_due()
    for purpose in Purpose:
        for period in Period.objects.closed(SETTLING).filter(purpose=purpose):
            retire(period)


def open_due() -> None:
    """Open the next period of each purpose whose time is over or whose key is not in this folder."""
    for purpose in Purpose:
        with transaction.atomic():
            open_next(purpose)


def open_missing(**_signal: Any) -> None:
    """Open a period of each purpose that has none."""
    for purpose in Purpose:
        boxes.current_key(purpose)


def open_next(purpose: Purpose) -> None:
    """Close the open period if its time is over or its key is not here, and open another; open one if there is none."""
    current = Period.objects.current(purpose).select_for_update().first()
    if current is None:
        boxes.current_key(purpose)
        return
    is_over = Period.objects.opened(LASTS[purpose]).filter(pk=current.pk).exists()
    is_here = keys.is_there(bytes(current.public_key)[:ID_BYTES])
    if not is_here:
        logger.error("the key of the open period %s is not in KEY_FOLDER; another is made", current)
    if is_over or not is_here:
        Period.objects.filter(pk=current.pk).update(closed_at=Now())
        Period.objects.create(purpose=purpose, public_key=keys.create())


def retire(period: Period) -> None:
    """Seal anew what is under the key of a closed period, and destroy the key once nothing is.

    A key that is not here may be on another machine, and is waited for; after that it counts as destroyed.
    """
    purpose = Purpose(period.purpose)
    is_over = Period.objects.closed(KEY_KEPT[purpose]).filter(pk=period.pk).exists()
    if period.emptied_at and not is_over:
        return
    key_id = bytes(period.public_key)[:ID_BYTES]
    if not keys.is_there(key_id):
        Period.objects.closed(boxes.AWAITED).filter(pk=period.pk).update(destroyed_at=Now())
        return
    try:
        for model, field in sealed_columns(purpose):
            seal_column_anew(model, field, key_id)
    except (KeyGone, FolderAway) as error:
        logger.error("what waits under the key %s cannot be sealed anew: %s", key_id.hex(), error)
    mine = Period.objects.filter(pk=period.pk)
    if is_anything_under(key_id, purpose):
        mine.update(emptied_at=None)
    elif period.emptied_at is None:
        mine.update(emptied_at=Now())
    elif is_over and is_looked_at_twice(period):
        keys.destroy(key_id)
        boxes.forget(key_id)
        mine.update(destroyed_at=Now())


def is_looked_at_twice(period: Period) -> bool:
    """Return whether no transaction could still write what was begun before the first look that found nothing."""
    if not Period.objects.filter(pk=period.pk, emptied_at__lte=Now() - BETWEEN_LOOKS).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(OLDER_TRANSACTION, [period.emptied_at])
        (is_older,) = cursor.fetchone()
    return not is_older


def sealed_columns(purpose: Purpose) -> Iterator[tuple[type[models.Model], Any]]:
    """Yield every column that holds boxes under keys of periods of this purpose."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField | SealedBytesField) and field.purpose == purpose:
                yield model, field


def quoted_names(model: type[models.Model], field: Any) -> dict[str, str]:
    named = {"table": model._meta.db_table, "pk": model._meta.pk.column, "column": field.column}
    return {what: connection.ops.quote_name(name) for what, name in named.items()}


def head_of(key_id: bytes) -> dict[str, Any]:
    return {"head": boxes.MAGIC + key_id, "length": boxes.HEAD}


def seal_column_anew(model: type[models.Model], field: Any, key_id: bytes) -> None:
    """Seal anew in batches, by primary key: one pass over the table, rows that somebody has locked left to the next."""
    after: int | None = 0
    while after is not None:
        after = seal_batch_anew(model, field, key_id, after)


@transaction.atomic
def seal_batch_anew(model: type[models.Model], field: Any, key_id: bytes, after: int) -> int | None:
    """Seal the next batch anew; return the primary key of its last row, None if there were no more."""
    with connection.cursor() as cursor:
        cursor.execute(SELECT.format(**quoted_names(model, field)), {"after": after, "most": BATCH, **head_of(key_id)})
        rows = cursor.fetchall()
        anew = [(boxes.seal(boxes.open_box(bytes(box)), field.purpose), pk) for pk, box in rows]
        cursor.executemany(UPDATE.format(**quoted_names(model, field)), anew)
    return rows[-1][0] if rows else None


def is_anything_under(key_id: bytes, purpose: Purpose) -> bool:
    with connection.cursor() as cursor:
        for model, field in sealed_columns(purpose):
            cursor.execute(REMAINS.format(**quoted_names(model, field)), head_of(key_id))
            if cursor.fetchone()[0]:
                return True
    return False


def late() -> list[Period]:
    """Return the periods that should have ended, or whose keys should have been destroyed, hours ago."""
    kept_too_long = (Period.objects.closed(KEY_KEPT[one] + KEY_LATE).filter(purpose=one) for one in Purpose)
    open_too_long = (Period.objects.current(one).opened(LASTS[one] + KEY_LATE) for one in Purpose)
    return list(reduce(or_, [*kept_too_long, *open_too_long]))


def forget() -> int:
    """Delete what is only the memory of a key that was destroyed long ago; return how many."""
    return Period.objects.filter(destroyed_at__lt=Now() - REMEMBERED).delete()[0]
