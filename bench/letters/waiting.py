"""`python -m bench.within bench.letters.waiting`: milliseconds that acts take beside a line, as JSON."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.test import Client

from bench import staff
from bench.letters.filling import invented
from campaign.outbox import claims
from letters.delivery import dispatch, rate_limit, staff_actions
from letters.delivery.channels.congress import turns
from letters.models import ChannelName, Constituent, Delivery, LetterCampaign, Office
from letters.models.message import render
from letters.models.sender import Sender
from letters.public import statistics as tallies
from letters.submission import workflow
from letters.wizard import consent

NAME = ChannelName.SENATE_API
LEASE = timedelta(minutes=1)
TIMES = 5
QUEUE = "/admin/letters/delivery/"
OUTBOX = "/admin/outbox/item/"
QUERIES = {"first": "", "what needs staff": "?needs=staff", "ready": "?state__exact=ready", "last page": "?p=99"}
BODY = "As your constituent I ask you to support it."


def acts() -> Iterator[tuple[str, Callable[[], object]]]:
    people, waiting = invented("line", "NM"), Delivery.objects.in_line(NAME).with_letter().iterator(chunk_size=50)
    known, desk = confirmed(next(people)), staff.client()
    yield "clock: letting two seconds go", lambda: rate_limit.release(NAME, rate=10, office_rate=10)
    yield "clock: offices in line", lambda: turns.unreachable(NAME)
    yield "relay: a claim of what is due", lambda: claims.claim(dispatch.DELIVERY, limit=500, lease=LEASE)
    yield "relay: a claim of letters at their moment", lambda: claims.claim(dispatch.IN_TURN, limit=5, lease=LEASE)
    yield "constituent: submitting", lambda: submit(next(people))
    yield "constituent: submitting again after confirming", lambda: submit(known)
    yield "constituent: taking a letter back", lambda: workflow.withdraw(next(waiting))
    yield "constituent: asked for their own hand", lambda: staff_actions.hand_to_constituent(next(waiting))
    for title, query in QUERIES.items():
        yield f"page of the queue: {title}", page(desk, QUEUE + query)
    yield "page of the outbox", page(desk, OUTBOX)
    yield "page of the outbox: one kind", page(desk, f"{OUTBOX}?kind={dispatch.IN_TURN}")
    yield "minute: statistics counted anew", tallies.recount_letters


def page(client: Client, path: str) -> Callable[[], object]:
    assert client.get(path).status_code == 200
    return lambda: client.get(path)


def submit(sender: Sender) -> None:
    offices = Office.objects.of_state(sender.residence)
    letters = [workflow.WrittenLetter(office, render("Please", BODY, sender), is_edited=True) for office in offices]
    campaign, words = LetterCampaign.objects.all()[0], consent.current_wording()
    workflow.submit_letters(campaign=campaign, sender=sender, letters=letters, language="en", consent=words)


def confirmed(sender: Sender) -> Sender:
    submit(sender)
    workflow.confirm(Constituent.objects.latest("pk"))
    return sender


def milliseconds(act: Callable[[], object]) -> float:
    """The median; a first time, which compiles and connects, does not count."""
    taken = []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    print(json.dumps({name: milliseconds(act) for name, act in acts()}))
