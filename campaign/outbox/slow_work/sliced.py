"""Jobs that take longer than a worker should be held: done in steps, and put back when their turn is over."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import transaction

from campaign.outbox import claims
from campaign.outbox.handlers import Done, Handler, Item, Outcome, Retry


class SlicedHandler(Handler):
    """One item is one job. A step is a transaction, which a worker that was overtaken does not begin."""

    batch_size = 1
    turn_seconds = 20  # then other work has its turn
    pause = timedelta(milliseconds=1)  # between two turns

    def steps(self, item: Item) -> Iterator[None]:
        """Do a step of the job before each yield; return when nothing is left to do."""
        raise NotImplementedError

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        for item in items:
            yield item, self.take_turn(item)

    def take_turn(self, item: Item) -> Outcome:
        ends_at, steps = time.monotonic() + self.turn_seconds, self.steps(item)
        while self.step(item, steps):
            if time.monotonic() > ends_at:
                return Retry("the next slice", after=self.pause, is_spent=False)
        return Done()

    @transaction.atomic
    def step(self, item: Item, steps: Iterator[None]) -> bool:
        """Do the next step; return False if there is none, or if another worker has claimed the item meanwhile."""
        return bool(claims.hold([item])) and next((True for _ in steps), False)
