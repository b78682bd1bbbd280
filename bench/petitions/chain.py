"""The whole chain at a steady rate, whatever the answers take: sign, mail at the sink, open, confirm, counted."""

import asyncio
import json
import quopri
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bench.load import http
from bench.load.client import Pool
from bench.load.people import Person, people
from bench.report import Figure
from bench.stage import Stage

GOAL = 100  # a second: three times the 2,000 a minute of the UK Parliament's site in March 2019
RATE = 110  # signers a second: the last of them confirm a moment after the last has signed
CONFIRM = re.compile(rb"/petitions/confirm/[^\s\"<]+")  # of the text part, which comes first
PATIENCE = 60  # seconds for the workers to start, for the last mails, and for the count


@dataclass
class Walk:
    """When each step of one signer was done (seconds); a step that never was is missing."""

    steps: dict[str, float] = field(default_factory=dict)

    def took(self, start: str, end: str) -> float | None:
        return self.steps[end] - self.steps[start] if {start, end} <= self.steps.keys() else None


class Chain:
    """One run. Mails come from the sink's thread and are followed here."""

    def __init__(self, port: int, path: str) -> None:
        self.host, self.path = f"localhost:{port}", path
        self.pool = Pool(port)
        self.walks: dict[str, Walk] = {}
        self.failures: list[tuple[str, int]] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.loop = asyncio.get_running_loop()

    def begin(self, step: Coroutine[None, None, None]) -> None:
        task = self.loop.create_task(step)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def mail_came(self, recipient: str, message: bytes) -> None:
        """Called by the sink."""
        found = CONFIRM.search(quopri.decodestring(message))
        if found:
            path, now = found[0].decode(), time.perf_counter()
            self.loop.call_soon_threadsafe(lambda: self.begin(self.follow(recipient, path, now)))

    async def sign_all(self, signers: Iterator[Person], number: int, rate: float) -> None:
        begun_at = time.perf_counter()
        for place, person in enumerate(islice(signers, number)):
            await asyncio.sleep(max(0, begun_at + place / rate - time.perf_counter()))
            self.begin(self.sign(person))

    async def sign(self, person: Person) -> None:
        walk = self.walks[person.email] = Walk({"begun": time.perf_counter()})
        if await self.send("sign", http.post(self.path, self.host, person.fields, person.network), 302):
            walk.steps["signed"] = time.perf_counter()

    async def follow(self, recipient: str, path: str, received_at: float) -> None:
        walk = self.walks[recipient]
        walk.steps["mailed"] = received_at
        if not await self.send("open", http.get(path, self.host), 200):
            return
        walk.steps["opened"] = time.perf_counter()
        if await self.send("confirm", http.post(path, self.host, {}), 302):
            walk.steps["confirmed"] = time.perf_counter()

    async def send(self, step: str, request: bytes, expected: int) -> bool:
        try:
            status, _body = await self.pool.exchange(request)
        except (OSError, asyncio.IncompleteReadError):
            status = 0
        if status != expected:
            self.failures.append((step, status))
        return status == expected

    async def count_shown(self) -> int:
        _status, body = await self.pool.exchange(http.get(f"{self.path}count.json", self.host))
        return int(json.loads(body)["count"])

    def number_of(self, step: str) -> int:
        return sum(step in walk.steps for walk in self.walks.values())


async def run(stage: Stage, port: int, path: str, *, rate: float, seconds: float, seed: str) -> tuple[Chain, float]:
    """The chain when everybody has confirmed, and how many seconds later the count showed them all (inf: never)."""
    chain = Chain(port, path)
    stage.sink.listener = chain.mail_came
    before = await chain.count_shown()
    await chain.sign_all(people(f"first{seed}"), 1, rate)
    await until(lambda: chain.number_of("confirmed") == 1)  # the workers are up
    await chain.sign_all(people(f"chain{seed}"), number := int(rate * seconds), rate)
    await until(lambda: not chain.tasks and chain.number_of("confirmed") == number + 1)
    first = chain.walks.pop(next(iter(chain.walks)))
    assert "confirmed" in first.steps, f"no mail came, or its link did not work: {chain.failures}"
    return chain, await seconds_until_counted(chain, before + 1)


async def seconds_until_counted(chain: Chain, others: int) -> float:
    """From the last confirmation until the page's count shows all of them; infinite if it never does."""
    deadline = time.perf_counter() + PATIENCE
    while await chain.count_shown() < others + chain.number_of("confirmed"):
        if time.perf_counter() > deadline:
            return float("inf")
        await asyncio.sleep(0.1)
    return time.perf_counter() - max(walk.steps.get("confirmed", 0) for walk in chain.walks.values())


async def until(is_true: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE
    while not is_true() and time.perf_counter() < deadline:  # noqa: ASYNC110  # what is waited for is elsewhere
        await asyncio.sleep(0.1)


def walked(stage: Stage, path: str, *, rate: float, seconds: float, seed: str = "") -> list[Figure]:
    """People who have not come before, if no earlier chain on this stage had the seed."""
    stage.execute("DELETE FROM outbox_item")  # the mails of earlier parts
    with stage.web() as port, stage.playing(*stage.mail_workers()):
        chain, lag = asyncio.run(run(stage, port, path, rate=rate, seconds=seconds, seed=seed))
    return figures(chain, lag, rate)


def figures(chain: Chain, lag: float, rate: float) -> list[Figure]:
    walks = [walk for walk in chain.walks.values() if "confirmed" in walk.steps]
    begun = min(walk.steps["begun"] for walk in chain.walks.values())
    ended = max((walk.steps["confirmed"] for walk in walks), default=begun + 1)
    return [
        Figure("signed at a steady", rate, "/s"),
        Figure("confirmed, from first post to last", len(walks) / (ended - begun), "/s", least=min(GOAL, 0.9 * rate)),
        Figure("signers who did not get to the end", len(chain.walks) - len(walks), "", most=0),
        Figure("answers that were wrong", len(chain.failures), "", most=0),
        *spread("post to answer", walks, "begun", "signed"),
        *spread("answer to mail at the sink", walks, "signed", "mailed"),
        *spread("opening the link", walks, "mailed", "opened"),
        *spread("confirming", walks, "opened", "confirmed"),
        Figure("count complete after the last confirmation", lag, "s", most=5),
    ]


def spread(name: str, walks: list[Walk], start: str, end: str) -> list[Figure]:
    times = sorted(took for walk in walks if (took := walk.took(start, end)) is not None)
    if not times:
        return []
    return [
        Figure(f"{name}: half of all within", times[len(times) // 2] * 1000, "ms"),
        Figure(f"{name}: 99 of 100 within", times[int(len(times) * 0.99)] * 1000, "ms"),
    ]
