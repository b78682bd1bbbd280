"""Notice that the database is a restored backup, apply what it lost, and let nothing go out before staff say so.

Every process looks when it starts, and the relay again and again. A number outside that the database has not counted
up to, or a timeline that it does not know, is the proof. From then on `claims.begin` wins nothing, in any process, so
a message from before the restore does nothing either. Several machines may have folders of their own: each applies its
own lines, whoever noticed first; one that comes when staff have let work go on already has it held again.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from psycopg.types.json import Jsonb

from campaign import audit
from campaign.database import clock
from campaign.journal import position
from campaign.journal.files import BEAT, GAP, HOST, JournalFolder, JournalLine, writer
from campaign.journal.models import Position, Restoration
from campaign.journal.position import Place, known
from campaign.journal.replay import Replayed, replaying

logger = logging.getLogger(__name__)

LINES_AT_A_TIME = 1000  # lines that are applied together
BEYOND = 1_000_000  # ids that are left out, since rows that are lost may have had them
NO_JOURNAL = "the journal: there is none on {host}, and the site was not running for a while before"
MISSING = "lines of the journal that are missing, or that could not be read or applied: {number}"
ANEW = "{host}: a folder that the database does not know begins a journal; what was written elsewhere is not in it"

# Mails are recognised by the number of their item, and a message in Redis names one: no number is given out twice.
MOVE_SEQUENCES = """
    SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + %s)
    FROM pg_sequences WHERE schemaname = current_schema() AND data_type = 'bigint'::regtype
"""
REGISTER = "UPDATE journal_position SET folders = folders || %s"
NOTE_TROUBLE = "UPDATE journal_position SET trouble = %s, trouble_at = statement_timestamp()"


def look() -> Place:
    """Compare the database with this machine's journal, and deal with what the database has lost.

    Return where it stands. Raises DatabaseError. What is known outside is read first, and then the database, which has
    counted it all up before: so it is behind only if it is another one than it was.
    """
    folder, seen = JournalFolder(position.read().site), known.place
    known.is_doubted = False
    ends = ends_of(folder, seen)
    place, cuts = position.read(), Restoration.objects.cuts()
    name = made(folder)
    is_new = bool(place.number) and name not in Position.objects.get().folders
    if has_lost(place, ends, cuts):
        hold_everything(ends)
    elif is_new and not ends and place.is_stale:
        hold_everything({}, gap=NO_JOURNAL.format(host=HOST))
    elif is_new:
        note_trouble(ANEW.format(host=HOST))
    if name:
        register(name)
        apply_all(folder, ends)
    place = position.read()
    known.learn(place)
    return place


def look_at_start() -> None:
    """For a process that starts whether the database is there or not."""
    try:
        look()
    except DatabaseError as error:
        logger.warning("the database is not compared with the journal yet: %s", type(error).__name__)
    finally:
        connection.close()


def is_clear() -> bool:
    """Return whether work may go out; look anew if the database is not where this process knows it to be."""
    place = position.read()
    if known.trusted is None or place.is_behind(known.trusted):
        place = look()
    return not place.is_held


def newest_place() -> Place:
    """Return the newest place that this process knows of in the database that it is connected with."""
    return known.trusted or look()


def halted() -> Exists:
    """Return the condition, for a query, that nothing may go out."""
    seen = newest_place()
    is_other = ~Q(timeline=seen.timeline) | Q(number__lt=seen.number)
    return Exists(Position.objects.filter(Q(is_held=True) | is_other))


def is_halted() -> bool:
    """Return whether everything waits for staff."""
    return Position.objects.filter(is_held=True).exists()


def ends_of(folder: JournalFolder, seen: Place | None) -> dict[str, int]:
    """Return the newest number of each timeline that stands in the folder, or that this process has seen counted."""
    ends = folder.ends()
    if seen and seen.site == folder.path.name:
        ends[seen.timeline] = max(ends.get(seen.timeline, 0), seen.number)
    return ends


def has_lost(place: Place, ends: Mapping[str, int], cuts: Mapping[str, int]) -> bool:
    """Return whether lines are there that the database does not know, and does not know to be lost."""
    return any(
        number > place.number if timeline == place.timeline else timeline not in cuts
        for timeline, number in ends.items()
    )


def made(folder: JournalFolder) -> str:
    """Return the name of the folder, which is made if it is not there; nothing if it cannot be."""
    try:
        folder.make()
        return folder.name
    except OSError as error:
        logger.error("the folder of the journal cannot be used: %s", error)
        note_trouble(f"{HOST}: {error.strerror}")
        return ""


def register(name: str) -> None:
    """Have the database know, once a day, whose lines there are."""
    about = {"host": HOST, "day": f"{clock.now():%Y-%m-%d}"}
    if Position.objects.get().folders.get(name, {}).get("day") != about["day"]:
        with connection.cursor() as cursor:
            values: list[Any] = [Jsonb({name: about})]
            cursor.execute(REGISTER, values)


def note_trouble(words: str) -> None:
    """Show on the first page of the admin that the journal has a gap."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(NOTE_TROUBLE, [words])
    except DatabaseError:
        logger.exception("trouble with the journal could not be shown to staff")


@transaction.atomic
def hold_everything(ends: Mapping[str, int], *, gap: str = "") -> None:
    """Let nothing go out any more, and begin a timeline; nothing if another process has done so meanwhile."""
    row = Position.objects.select_for_update().get()
    ended, waiting = Restoration.objects.cuts(), Restoration.objects.open().first()
    unknown = {name: 0 for name in ends if name != row.timeline and name not in ended}
    is_ahead = ends.get(row.timeline, 0) > row.number
    if waiting and not is_ahead:
        waiting.cuts |= unknown
        waiting.save(update_fields=["cuts"])
    elif is_ahead or unknown or gap:
        cuts = {row.timeline: row.number, **unknown}
        restoration = Restoration.objects.create(as_of=row.at, cuts=cuts, gaps=gaps(gap))
        row.timeline, row.is_held = position.new_name(), True
        row.save(update_fields=["timeline", "is_held"])
        move_sequences()
        audit.note("site.held-after-restore", by="", on=restoration, as_of=row.at.date())
        logger.error("the database is a restored backup as of %s: nothing goes out until staff say so", row.at)


def gaps(gap: str) -> list[str]:
    missed = [MISSING.format(number=writer.missed)] if writer.missed else []
    return [*([gap] if gap else []), *missed]


def move_sequences() -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MOVE_SEQUENCES, [BEYOND])
    except DatabaseError:
        logger.exception("ids of lost rows may be given out again")


def apply_all(folder: JournalFolder, ends: Mapping[str, int]) -> None:
    """Apply this machine's lines to every restored backup that has not had them."""
    for restoration in Restoration.objects.order_by("pk"):
        cuts = {name: cut for name, cut in restoration.cuts.items() if ends.get(name, 0) > cut}
        if folder.name not in restoration.folders and (cuts or restoration.released_at is None):
            apply_lines(restoration.pk, folder, cuts)


@transaction.atomic
def apply_lines(pk: int, folder: JournalFolder, cuts: Mapping[str, int]) -> None:
    """Do again what the lines above these numbers tell of; nothing if another process of this machine has."""
    row = Position.objects.select_for_update().get()
    restoration = Restoration.objects.get(pk=pk)
    if folder.name in restoration.folders:
        return
    missing = folder.unreadable(restoration.cuts)
    with replaying():
        for batch in batched(folder.lines_after(cuts), LINES_AT_A_TIME):
            missing += apply_batch(batch, restoration)
    if missing:
        restoration.gaps.append(MISSING.format(number=missing))
    restoration.folders[folder.name] = HOST
    restoration.released_at = None
    restoration.save()
    row.is_held = True
    row.save(update_fields=["is_held"])


def apply_batch(lines: Sequence[JournalLine], restoration: Restoration) -> int:
    """Apply the lines kind by kind; return how many are missing, or could not be applied."""
    by_kind = defaultdict[str, list[JournalLine]](list)
    for line in lines:
        by_kind[line["k"]].append(line)
    restoration.note_newest(newest_time(lines))
    missing = sum(line.get("missed", 1) for line in by_kind.pop(GAP, []))
    by_kind.pop(BEAT, None)
    for kind, path in settings.JOURNAL_REPLAYS.items():
        missing += apply_kind(path, by_kind.pop(kind, []), restoration)
    return missing + sum(map(len, by_kind.values()))


def apply_kind(path: str, lines: Sequence[JournalLine], restoration: Restoration) -> int:
    """Apply lines of one kind; if that fails, each for itself. Return how many could not be."""
    if not lines:
        return 0
    try:
        with transaction.atomic():
            done: Replayed = import_string(path)(lines)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # of any kind: what one line makes go wrong keeps no other from being applied
        if len(lines) > 1:
            return sum(apply_kind(path, [line], restoration) for line in lines)
        logger.exception("a line of the journal could not be applied")
        return 1
    restoration.again = dict(Counter(restoration.again) + done.again)
    restoration.lost = dict(Counter(restoration.lost) + done.lost)
    return 0


def newest_time(lines: Sequence[JournalLine]) -> datetime | None:
    times = [line["t"] for line in lines if line["t"]]
    return datetime.fromisoformat(max(times)) if times else None


@transaction.atomic
def release(restoration: Restoration, *, by: str) -> bool:
    """Let work go on; letters of which nobody knows whether they have gone are left to staff, each for itself.

    Return False if it goes on already.
    """
    row = Position.objects.select_for_update().get()
    if not Restoration.objects.open().filter(pk=restoration.pk).exists():
        return False
    unsure = [] if restoration.is_complete else settings.RECONCILES_RESTORED
    held = sum(import_string(path)() for path in unsure)
    Restoration.objects.filter(pk=restoration.pk).update(released_at=Now(), released_by=by)
    row.is_held = Restoration.objects.open().exists()
    row.save(update_fields=["is_held"])
    audit.note("site.let-go-after-restore", by=by, on=restoration, left_to_staff=held)
    return True
