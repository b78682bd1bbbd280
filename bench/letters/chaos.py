"""Workers are killed at random moments while letters go to a mail server and to the Senate's system.

Afterwards each letter must have arrived once, by the other side's own record. A letter of which the site says that it
does not know may have arrived or not: it was not sent again.
"""

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.letters.delivering import MESSAGE_ID, empty, give_addresses
from bench.letters.senate import senate
from bench.report import Figure
from bench.stage import Stage
from campaign.standalone import site
from campaign.standalone.process import Process

SEED = 220  # the same moments each time, as far as a machine allows
KILLING = 40.0  # seconds
PATIENCE = 240  # seconds after that: what a killed worker had begun is left to it for a minute
SENATES_PART = 0.25  # its system is slow by agreement
LETTERS = "SELECT delivery_id, channel, state FROM letters_delivery"
OPEN = "SELECT count(*) FROM letters_delivery WHERE state IN ('ready', 'sending')"


@dataclass
class Fate:
    """What became of the letters: `rows` as the site has them, `seen` as the other sides do."""

    rows: Iterable[tuple[str, str, str]]
    seen: Counter[str]
    kills: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rows = list(self.rows)
        self.states = Counter(state for _id, _channel, state in self.rows)

    @property
    def lost(self) -> list[str]:
        """Said to be accepted, and never seen there."""
        return [one for one, _channel, state in self.rows if state == "accepted" and not self.seen[one]]

    @property
    def untold(self) -> list[str]:
        """Seen there, and neither accepted nor unknown here."""
        return [one for one, _channel, state in self.rows if self.seen[one] and state not in {"accepted", "unknown"}]

    @property
    def twice(self) -> list[str]:
        return [one for one, times in self.seen.items() if times > 1]

    @property
    def unsettled(self) -> int:
        return len(list(self.rows)) - self.states["accepted"] - self.states["unknown"]

    def figures(self) -> list[Figure]:
        return [
            Figure("workers killed", self.kills),
            Figure("letters accepted", self.states["accepted"]),
            Figure("letters unknown, left to staff", self.states["unknown"]),
            Figure("neither", self.unsettled, most=0),
            Figure("lost: said to be accepted, never seen there", len(self.lost), most=0),
            Figure("seen there, and not said so", len(self.untold), most=0),
            Figure("twice", len(self.twice), most=0),
        ]


def figures(stage: Stage, number: int) -> list[Figure]:
    with senate(stage, others="email") as (on, stub):
        empty(on)
        give_addresses(on, "TX")
        to_senate = int(number * SENATES_PART)
        on.run("bench.letters.filling", "--number", str(to_senate), "--tag", "senate")
        on.run("bench.letters.filling", "--number", str(number - to_senate), "--tag", "mail", "--state", "TX")
        seen: Counter[str] = Counter()
        on.sink.listener = lambda recipient, message: seen.update(ids_of(message))
        worker = site.worker(on.environment, on.home.log)
        beat, relay = site.beat(on.environment, on.home.log), site.relay(on.environment, on.home.log)
        with on.playing(worker, beat, relay):
            kills = kill_often(worker, on.interruption.wait_until, lambda: on.value(OPEN) == 0, seconds=KILLING)
            on.interruption.wait_until(lambda: on.value(OPEN) == 0, seconds=PATIENCE)
        seen.update(stub.ids)
        return Fate(on.rows(LETTERS), seen, kills).figures()


def ids_of(message: bytes) -> list[str]:
    return [found.decode() for found in MESSAGE_ID.findall(message)[:1]]


def kill_often(worker: Process, wait_until: Callable[..., bool], is_over: Callable[[], bool], *, seconds: float) -> int:
    """Kill the worker with all its processes, or one of these, again and again; how often."""
    chance = random.Random(SEED)
    kills, left = 0, seconds
    while left > 0:
        pause = chance.uniform(3, 8)
        if wait_until(is_over, seconds=pause):
            break
        left -= pause
        kills += 1
        kill_all(worker) if chance.random() < 0.5 else kill_one(worker, chance)
    return kills


def kill_all(worker: Process) -> None:
    """And start it again."""
    worker.kill_all()
    if worker.running:
        worker.running.wait()
    worker.start()


def kill_one(worker: Process, chance: random.Random) -> None:
    """One process of its pool; it starts another itself."""
    pid = worker.running.pid if worker.running else 0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    with suppress(ProcessLookupError):
        if children:
            os.kill(int(chance.choice(children)), signal.SIGKILL)
