"""A kind of work for tests, whose handler does what a test tells it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models.functions import Now

from campaign.outbox import claims, handlers, queue
from campaign.outbox.handlers import Done, Handler, Outcome, Retry
from campaign.outbox.models import Item

KIND = "tests.work"


class Obedient(Handler):
    """Does what stands in the payload; `seen` records each item that was run."""

    seen: list[int] = []
    given_up: list[int] = []
    max_attempts = 3

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        for item in items:
            type(self).seen.append(item.payload["n"])
            if item.payload.get("raises"):
                raise ValueError(f"poison for {item.secret['address']}")
            yield item, Retry("later") if item.payload.get("fails") else Done()

    def exhausted(self, item: Item, reason: str) -> None:
        type(self).given_up.append(item.payload["n"])


def make_item(n: int = 1, **payload: object) -> Item:
    return queue.put(KIND, subject=n, payload={"n": n, **payload}, secret={"address": "ana@example.org"})


def claim_all(lease: timedelta = timedelta(seconds=60)) -> list[claims.Pair]:
    return [(pk, token) for pk, token, _ in claims.claim(KIND, limit=100, lease=lease)]


def expire_leases() -> None:
    Item.objects.in_flight().update(leased_until=Now() - timedelta(seconds=1))


def make_due() -> None:
    Item.objects.waiting().update(due_at=Now() - timedelta(seconds=1))


def forget_handlers() -> None:
    Obedient.seen.clear()
    Obedient.given_up.clear()
    handlers.handler_for.cache_clear()
