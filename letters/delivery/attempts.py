"""Tries at handing a letter over, each with its phase, so that what a vanished worker did can be told afterwards.

Each step is one statement, the first and the last for any number of letters: they are what delivery costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from campaign.journal import journal
from campaign.outbox import rehearsals
from campaign.outbox.handlers import REHEARSAL
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import Purpose
from letters.delivery.channels.base import Channel
from letters.models import Attempt, Delivery, Office, Outcome, Phase
from letters.models.deliveries import SENATOR_LEFT
from letters.models.delivery_states import NotAllowed, State, check

BEGIN_ATTEMPTS = """
    UPDATE letters_delivery d
    SET state = 'sending', channel = given.channel, attempts_made = d.attempts_made + 1, released_at = NULL,
        queued_for = '', changed_at = now()
    FROM unnest(%s::bigint[], %s::text[]) AS given (id, channel)
    WHERE d.id = given.id AND d.state = 'ready' AND d.held_because = ''
    RETURNING d.id, d.attempts_made
"""
HAND_OVER = """
    UPDATE letters_attempt SET phase = 'handing_over', handed_over_at = now()
    WHERE id = %s AND phase = 'composing' AND NOT EXISTS (SELECT FROM outbox_rehearsal WHERE ended_at IS NULL)
        AND EXISTS (SELECT FROM letters_office WHERE id = %s AND is_current)
"""
END = """
    WITH given AS (
        SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bytea[], %s::text[], %s::text[])
        AS given (attempt, delivery, outcome, detail, state, bound_to)
    ), closed AS (
        UPDATE letters_attempt a
        SET phase = 'answered', outcome = given.outcome, detail = given.detail, answered_at = now()
        FROM given WHERE a.id = given.attempt AND a.phase <> 'answered'
    )
    UPDATE letters_delivery d SET state = given.state, bound_to = given.bound_to, changed_at = now()
    FROM given WHERE d.id = given.delivery AND d.state = 'sending'
    RETURNING d.id
"""


class Superseded(Exception):
    """The attempt was closed meanwhile: somebody else decides about this letter now."""


class InRehearsal(Exception):
    """A rehearsal of the whole site has begun meanwhile: nothing may leave."""

    def __init__(self) -> None:
        super().__init__(REHEARSAL)


class SenatorLeft(Exception):
    """The senator has left office meanwhile: nothing may leave."""

    def __init__(self) -> None:
        super().__init__(SENATOR_LEFT)


@dataclass(frozen=True)
class Ending:
    """How one attempt ended, and what becomes of its letter by that."""

    attempt: Attempt
    delivery: Delivery
    outcome: Outcome
    state: State
    detail: str = ""
    bound_to: str = ""


@transaction.atomic
def begin(routes: Sequence[tuple[Delivery, Channel]]) -> dict[int, Attempt]:
    """Mark these as being sent and record an attempt of each, by delivery; without those no longer ready, or held."""
    check(State.READY, State.SENDING)
    wanted = {delivery.pk: (delivery, channel) for delivery, channel in routes}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_ATTEMPTS, [list(wanted), [channel.name for _, channel in routes]])
        numbers = dict(cursor.fetchall())
    rows = []
    for pk, number in numbers.items():
        delivery, channel = wanted[pk]
        delivery.state, delivery.channel, delivery.attempts_made = State.SENDING, channel.name, number
        rows.append(Attempt(delivery=delivery, number=number, channel=channel.name))
    return {attempt.delivery_id: attempt for attempt in Attempt.objects.bulk_create(rows)}


def hand_over(attempt: Attempt) -> None:
    """Note, before anything leaves, that from now on it may have: in the database, and where a restore cannot undo it.

    Raises Superseded, InRehearsal, SenatorLeft, and Unwritable if the journal cannot be written: then nothing may
    leave.
    """
    with connection.cursor() as cursor:
        cursor.execute(HAND_OVER, [attempt.pk, office_id := attempt.delivery.letter.office_id])
        if not cursor.rowcount:
            if rehearsals.current():
                raise InRehearsal
            raise SenatorLeft if Office.objects.former().filter(pk=office_id).exists() else Superseded
    attempt.phase = Phase.HANDING_OVER
    about = {"delivery": attempt.delivery.delivery_id, "channel": attempt.channel}
    journal.record_before("letter", state=Phase.HANDING_OVER, **about)


def end(endings: Sequence[Ending]) -> None:
    """Close attempts and give their letters the state that follows. Raises NotAllowed if one is not being sent."""
    for state in {ending.state for ending in endings}:
        check(State.SENDING, state)
    columns: list[Any] = [
        [ending.attempt.pk for ending in endings],
        [ending.delivery.pk for ending in endings],
        [ending.outcome.value for ending in endings],
        [boxes.seal(ending.detail.encode(), Purpose.LONG) if ending.detail else None for ending in endings],
        [ending.state.value for ending in endings],
        [ending.bound_to for ending in endings],
    ]
    with connection.cursor() as cursor:
        cursor.execute(END, columns)
        if cursor.rowcount != len(endings):
            raise NotAllowed("no longer sending", "something else")
    for ending in endings:
        ending.delivery.state, ending.delivery.bound_to = ending.state, ending.bound_to
    rows = [
        {"delivery": one.delivery.delivery_id, "state": one.state, "channel": one.attempt.channel} for one in endings
    ]
    journal.record_many("letter", rows)
