"""Print runs: what was printed together for an office, posted or undone as one.

A letter can still be taken back after it was printed: its paper is then named before the run is posted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from campaign.journal import journal
from letters.models import ChannelName, Delivery, Office, PrintRun
from letters.models.deliveries import TO_BE_PRINTED, DeliveryQuerySet
from letters.models.delivery_states import State, check

ON_DESK = Q(state=State.READY, held_because=TO_BE_PRINTED, printed_at__isnull=False, letter__content__isnull=False)
POSTED = Q(state=State.ACCEPTED, channel=ChannelName.PRINT)
MOST_COUNTED = 10_000


class NothingToPrint(Exception):
    """No letter to this office is to be printed."""


class Settled(Exception):
    """The run was posted or undone meanwhile."""


class WithdrawnSince(Exception):
    """Letters were withdrawn since the page was opened: their paper must be taken out first."""


def waiting_by_office() -> list[tuple[Office, int]]:
    """Return offices with how many of their letters are to be printed, the most first; of MOST_COUNTED in all."""
    ids = Delivery.objects.to_print().readable().filter(letter__office__is_current=True).order_by()
    numbers = Counter(ids.values_list("letter__office", flat=True)[:MOST_COUNTED])
    offices = Office.objects.in_bulk(numbers)
    return [(offices[pk], number) for pk, number in numbers.most_common()]


def letters_of(run: PrintRun) -> DeliveryQuerySet:
    return Delivery.objects.filter(print_run=run).order_by("print_number")


def taken_out(run: PrintRun) -> DeliveryQuerySet:
    """Return the letters of the run whose paper must not be posted any more."""
    return letters_of(run).exclude(pk__in=letters_of(run).filter(ON_DESK | POSTED).values("pk"))


@transaction.atomic
def print_letters(deliveries: DeliveryQuerySet, *, by: str, again: bool = False) -> list[Delivery]:
    """Note as printed those of them that are to be, the oldest first, in a run for each office; they can be posted now.

    What has been printed since it was held is among them only if it is wanted `again`. Rows are locked in the order in
    which staff's list shows them, as every other decision on several takes them.
    """
    to_print = Delivery.objects.held_because(TO_BE_PRINTED).readable().filter(letter__office__is_current=True)
    wanted = to_print if again else to_print.filter(printed_at=None)
    in_order = wanted.filter(pk__in=deliveries.values("pk")).order_by("ready_at", "pk")
    found = list(in_order.select_for_update(of=("self",)).values_list("pk", "letter__office"))
    for office in dict.fromkeys(office for _pk, office in found):
        put_in_run(office, [pk for pk, whose in found if whose == office], by)
    mine = Delivery.objects.filter(pk__in=[pk for pk, _office in found])
    printed = list(mine.with_letter().order_by("ready_at", "pk"))
    journal.record_many("letter", ({"delivery": one.delivery_id, "state": "printed"} for one in printed))
    return printed


def put_in_run(office: int, ids: Sequence[int], by: str) -> None:
    run = PrintRun.objects.create(office_id=office, letter_count=len(ids), printed_by=by)
    numbered = [Delivery(pk=pk, print_run=run, print_number=number) for number, pk in enumerate(ids, start=1)]
    Delivery.objects.bulk_update(numbered, ["print_run", "print_number"], batch_size=1000)
    Delivery.objects.filter(pk__in=ids).update(printed_at=Now())


def print_for_office(office: Office, *, by: str) -> PrintRun:
    """Print all that is to be printed for the office, however much it is. Raises NothingToPrint."""
    printed = print_letters(Delivery.objects.to_print().filter(letter__office=office), by=by)
    if not printed or printed[0].print_run is None:
        raise NothingToPrint
    return printed[0].print_run


@transaction.atomic
def post(run: PrintRun, *, by: str, seen: Iterable[int]) -> int:
    """Note that the run was posted or taken to the office; return how many letters. Raises Settled, WithdrawnSince.

    `seen`: the numbers of the letters that were shown as taken out.
    """
    locked = lock(run)
    if locked.posted_at or locked.undone_at:
        raise Settled
    on_desk = list(letters_of(run).filter(ON_DESK).select_for_update(of=("self",)))
    if set(taken_out(run).values_list("print_number", flat=True)) - set(seen):
        raise WithdrawnSince
    check(State.READY, State.SENDING)
    check(State.SENDING, State.ACCEPTED)
    change(on_desk, state=State.ACCEPTED, channel=ChannelName.PRINT, held_because="")
    note(on_desk, State.ACCEPTED)
    PrintRun.objects.filter(pk=run.pk).update(posted_at=Now(), posted_by=by)
    return len(on_desk)


@transaction.atomic
def undo(run: PrintRun, *, by: str) -> int:
    """Take back that the run was posted; of one that was not, that it was printed.

    Return how many letters that changed. Raises Settled.
    """
    locked = lock(run)
    if locked.undone_at:
        raise Settled
    if locked.posted_at:
        check(State.ACCEPTED, State.READY)
        posted = list(letters_of(run).filter(POSTED).select_for_update())
        change(posted, state=State.READY, held_because=TO_BE_PRINTED)
        note(posted, "printed")
        PrintRun.objects.filter(pk=run.pk).update(posted_at=None, posted_by="")
        return len(posted)
    on_desk = list(letters_of(run).filter(ON_DESK).select_for_update(of=("self",)))
    change(on_desk, printed_at=None, print_run=None, print_number=None)
    note(on_desk, State.READY)
    PrintRun.objects.filter(pk=run.pk).update(undone_at=Now(), undone_by=by)
    return len(on_desk)


def lock(run: PrintRun) -> PrintRun:
    return PrintRun.objects.select_for_update().get(pk=run.pk)


def change(deliveries: Sequence[Delivery], **values: object) -> None:
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(changed_at=Now(), **values)


def note(deliveries: Sequence[Delivery], state: str) -> None:
    """Have it outlive a restored backup (letters/submission/replay.py)."""
    rows = ({"delivery": one.delivery_id, "state": state, "channel": ChannelName.PRINT.value} for one in deliveries)
    journal.record_many("letter", rows)
