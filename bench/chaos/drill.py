"""One run: people come, a fault is injected and healed, everybody finishes, the checker looks; then the next fault."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from subprocess import CalledProcessError

import psycopg
from redis import RedisError

from bench.chaos.evidence import checker
from bench.chaos.evidence.checker import Doubt, Finding, Sort
from bench.chaos.evidence.ledger import Answer
from bench.chaos.faults.base import Fault
from bench.chaos.stack import Stack
from bench.chaos.witness import SETTLED, Witness
from standalone.paths import Trouble

BEFORE = 3.0  # seconds of load before the fault
BACK = 120.0  # seconds for which somebody who has come after the fault is watched; slow is not wrong


@dataclass
class Result:
    """What one fault did."""

    fault: str
    seconds: float = 0.0
    requests: int = 0
    answered: int = 0  # of these without an error of the server
    acknowledged: int = 0
    back_after: float | None = None
    settled_after: float | None = None
    findings: list[Finding] = field(default_factory=list)
    off_because: str = ""

    def number(self, sort: Sort) -> int:
        return sum(finding.sort is sort for finding in self.findings)

    @property
    def is_good(self) -> bool:
        return not self.findings


class Drill(Witness):
    stack: Stack

    def __init__(self, stack: Stack, *, seed: int, rate: float) -> None:
        super().__init__(stack, seed=seed)
        self.rate = rate
        self.chance = random.Random(seed)

    def run(self, kinds: Sequence[type[Fault]]) -> Result:
        """These faults at once, under load, to their end."""
        name = " + ".join(kind.name for kind in kinds)
        faults = [kind(self.stack, self.chance) for kind in kinds]
        if obstacle := next(filter(None, (fault.obstacle() for fault in faults)), ""):
            return Result(name, off_because=obstacle)
        result = Result(name)
        with self.letters_leaving():
            self.stack.backstage.call(self.visitors.open_doors, self.rate)
            self.send_issue()
            self.stack.pause(BEFORE)
            began_at, healed_at, troubles = self.suffer(faults)
            result.findings += [Finding(Sort.STUCK, f"the fault itself failed: {trouble!r}") for trouble in troubles]
            result.back_after = self.seconds_until(lambda: self.is_back(healed_at), healed_at, BACK)
            self.stack.pause(2)
            self.stack.backstage.call(self.visitors.close_doors)
            result.settled_after = self.seconds_until(self.is_settled, healed_at, SETTLED)
        if any(fault.repeats_mail for fault in faults):
            self.doubts.append(Doubt(began_at, healed_at))
        self.account(result, began_at, healed_at)
        return result

    def suffer(self, faults: Sequence[Fault]) -> tuple[float, float, list[Exception]]:
        """Return when the faults began, when they were healed, and what went wrong with injecting them."""
        seconds = max(self.chance.uniform(*fault.seconds) for fault in faults)
        began_at, troubles = time.time(), list[Exception]()
        try:
            self.keep_up(faults, began_at + seconds)
        except (psycopg.Error, RedisError, OSError, AssertionError, CalledProcessError) as error:
            troubles.append(error)
        for fault in faults:
            try:
                fault.heal()
            except (psycopg.Error, RedisError, OSError, AttributeError) as error:
                troubles.append(error)
        return began_at, time.time(), troubles

    def keep_up(self, faults: Sequence[Fault], until: float) -> None:
        for fault in faults:
            fault.inject()
        again_at = {fault: time.time() + fault.every for fault in faults}
        while time.time() < until:
            self.stack.pause(0.2)
            for fault in faults:
                if time.time() > again_at[fault]:
                    fault.again()
                    again_at[fault] = time.time() + fault.every

    def seconds_until(self, is_true: Callable[[], bool], since: float, patience: float) -> float | None:
        """Return the seconds from `since` until it is true; None if it is not in time."""
        return time.time() - since if self.stack.wait_until(is_true, seconds=patience) else None

    def account(self, result: Result, began_at: float, healed_at: float) -> None:
        during = [request for request in self.ledger.requests if began_at <= request.at < healed_at]
        if self.visitors.faults:
            raise Trouble("a visitor of this program failed: " + "; ".join(self.visitors.faults[:3]))
        result.seconds = healed_at - began_at
        result.requests = len(during)
        result.answered = sum(0 < request.status < 500 for request in during)
        acts = [act for act in self.ledger.acts if began_at <= act.asked_at < healed_at]
        result.acknowledged = sum(act.answer is Answer.YES for act in acts)
        if result.settled_after is None:
            result.findings.append(Finding(Sort.STUCK, f"not settled within {SETTLED:.0f} seconds: {self.unsettled()}"))
            self.stack.backstage.call(self.visitors.send_all_home)
        found = [finding for finding in checker.check(self.evidence()) if finding not in self.known]
        self.known |= set(found)
        result.findings += found
