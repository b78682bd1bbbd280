"""Forgetting: letters that nobody confirmed, those of campaigns that have ended, and whatever a constituent asks for.

What stays of a letter is its state, office and day, so that statistics do not change.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import transaction

from campaign.journal import journal
from campaign.outbox import queue
from letters.delivery import dispatch
from letters.delivery.notifications import CANCELLED, SENATOR_LEFT, YOUR_LETTERS
from letters.models import Attempt, Constituent, Delivery, Letter, LetterCampaign, SandboxMessage
from letters.models.delivery_states import NotAllowed, State
from letters.submission.workflow import CONFIRMATION, REMINDER

AFTER_END = timedelta(days=28)
BATCH = 500
MAILS = (CONFIRMATION, REMINDER, YOUR_LETTERS, CANCELLED, SENATOR_LEFT)


def delete_unconfirmed() -> int:
    """Letters whose link has expired; they can be written anew."""
    return in_batches(Constituent.objects.expired().values_list("pk", flat=True), delete_expired)


@transaction.atomic
def delete_expired(ids: list[int]) -> None:
    """But for those who have submitted again since."""
    still = Constituent.objects.expired().filter(pk__in=ids).select_for_update()
    Constituent.objects.filter(pk__in=[constituent.pk for constituent in still.only("pk")]).delete()


def clear_ended() -> int:
    """Names, addresses and texts of campaigns that ended 28 days ago, or lie hidden and still for as long."""
    ended = Constituent.objects.filter(campaign__in=LetterCampaign.objects.over_for(AFTER_END), private__isnull=False)
    return in_batches(ended.values_list("pk", flat=True), lambda ids: clear_letters(ids, unsent=State.DEAD))


def in_batches(ids: Iterable[int], act: Callable[[list[int]], object]) -> int:
    """Each batch in a transaction of its own."""
    everybody = list(ids)
    for start in range(0, len(everybody), BATCH):
        with transaction.atomic():
            act(everybody[start : start + BATCH])
    return len(everybody)


@transaction.atomic
def erase(constituent: Constituent) -> None:
    """At their own wish, at once. What is being sent this moment goes out; nothing else does."""
    journal.record("constituent", id=constituent.pk, mark=constituent.mark)
    if constituent.confirmed_at:
        clear_letters([constituent.pk], unsent=State.WITHDRAWN)
    else:
        constituent.delete()


def clear_letters(ids: list[int], *, unsent: State) -> None:
    """Forget who wrote and what; `unsent` is what becomes of a letter that has not gone."""
    letters = Letter.objects.filter(constituent__in=ids)
    deliveries = Delivery.objects.filter(letter__in=letters)
    give_up_unsent(list(deliveries.ready()), unsent)
    deliveries.update(automatic_answer=None)
    Attempt.objects.filter(delivery__in=deliveries).update(detail=None)
    SandboxMessage.objects.filter(delivery__in=deliveries).update(message=None)
    queue.forget(MAILS, ids)
    letters.update(content=None, person=None)
    Constituent.objects.filter(pk__in=ids).update(private=None, person=None)


def give_up_unsent(deliveries: list[Delivery], state: State) -> None:
    """But for those that a worker has begun since: they go out."""
    for delivery in deliveries:
        with suppress(NotAllowed):
            delivery.become(state)
    dispatch.call_off(delivery.pk for delivery in deliveries)
