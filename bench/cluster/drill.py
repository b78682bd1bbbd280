"""People come at a steady rate while fault after fault is injected and healed; in the end everything is judged."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import httpx

from bench.chaos import report
from bench.chaos.evidence import checker
from bench.chaos.evidence.checker import Doubt, Finding, Sort
from bench.chaos.evidence.ledger import Act, Answer
from bench.chaos.witness import ADDRESS, Witness
from bench.cluster.cluster import Cluster
from bench.cluster.faults import Fault
from bench.cluster.writers import Writers
from standalone.paths import Trouble

BEFORE = 3.0  # seconds of load before each fault
BACK = 15.0  # seconds for which somebody who has come after the fault is watched; slow is not wrong
WHOLE = 120.0  # seconds until everything runs again, with a standby
SETTLED = 240.0  # seconds until everything that was acknowledged must have had its effect
SHORT = 1.0  # seconds without anybody who is served, as chance has it
PATIENT = 10.0  # seconds; whoever waits longer is not served
COLUMNS = (
    ("fault", 20),
    ("held", 6),
    ("asked", 7),
    ("yes", 6),
    ("failed", 8),
    ("slowest", 9),
    ("away", 7),
    ("back", 7),
    ("whole", 7),
    ("lost", 6),
    ("twice", 7),
    ("untrue", 8),
    ("stuck", 7),
)


@dataclass
class Result:
    """What one fault did. Times are seconds."""

    fault: Fault
    began_at: float = 0.0
    healed_at: float = 0.0
    over_at: float = 0.0
    acts: list[Act] = field(default_factory=list)  # asked for from its begin until the next
    back_after: float | None = None
    whole_after: float | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def away(self) -> float:
        return seconds_away(self.acts, self.began_at, self.over_at)

    @property
    def is_good(self) -> bool:
        return self.whole_after is not None and not self.findings and self.away <= self.fault.most

    def number(self, sort: Sort) -> int:
        return sum(finding.sort is sort for finding in self.findings)

    def row(self) -> str:
        served = [act for act in self.acts if is_served(act)]
        slowest = max((act.answered_at - act.asked_at for act in served), default=0.0)
        cells = [self.fault.name, f"{self.healed_at - self.began_at:.0f}", str(len(self.acts))]
        cells += [str(sum(act.answer is Answer.YES for act in self.acts)), str(len(self.acts) - len(served))]
        cells += [f"{slowest:.1f}", f"{self.away:.1f}"]
        cells += [report.in_seconds(found) for found in (self.back_after, self.whole_after)]
        cells += [str(self.number(sort)) for sort in (Sort.LOST, Sort.TWICE, Sort.UNTRUE, Sort.STUCK)]
        return report.line(cells, COLUMNS)


def is_served(act: Act) -> bool:
    return 0 < act.status < 500 and act.answered_at - act.asked_at <= PATIENT


def seconds_away(acts: Iterable[Act], begin: float, end: float) -> float:
    """Return for how long nobody was served: the longest time without anybody who was, with somebody in vain meanwhile.

    >>> from bench.chaos.evidence.ledger import Kind
    >>> def act(at, status):
    ...     return Act(Kind.SIGN, "ana@example.org", at, at + 0.1, Answer.YES, status)
    >>> seconds_away([act(0, 302), act(1, 503), act(4, 503), act(6, 302)], 0, 7)
    6
    >>> seconds_away([act(0, 302), act(0.5, 503), act(0.9, 302), act(5, 302)], 0, 6)
    0.0
    >>> seconds_away([act(1, 503), act(4, 302), act(5, 503)], 0, 9), seconds_away([act(2, 503)], 0, 9)
    (5, 9)
    """
    ordered = sorted(acts, key=lambda act: act.asked_at)
    served = [(place, act.asked_at) for place, act in enumerate(ordered) if is_served(act)]
    edges = [(-1, begin), *served, (len(ordered), end)]
    found = [until - since for (before, since), (after, until) in pairwise(edges) if after > before + 1]
    return max((seconds for seconds in found if seconds > SHORT), default=0.0)


class ClusterDrill(Witness):
    stack: Cluster

    def __init__(self, stack: Cluster, *, seed: int) -> None:
        super().__init__(stack, seed=seed)
        urls = {name: stack.direct_url(name) for name in ("database1", "database2")}
        self.writers = Writers(urls, stack.primary)

    def run(self, faults: Sequence[Fault], rate: float) -> list[Result]:
        """Each of them once, under load that does not end between them."""
        self.writers.start()
        with self.letters_leaving():
            self.stack.backstage.call(self.visitors.open_doors, rate)
            self.send_issue()
            results = [self.suffer(fault) for fault in faults]
            self.stack.backstage.call(self.visitors.close_doors)
            since = time.time()
            is_settled = self.stack.wait_until(self.is_settled, seconds=SETTLED)
        print(f"settled {time.time() - since:.0f} seconds after the last came" if is_settled else "never settled")
        if not is_settled:
            results[-1].findings.append(Finding(Sort.STUCK, f"not settled: {self.unsettled()}"))
            self.stack.backstage.call(self.visitors.send_all_home)
        self.judge(results)
        return results

    def suffer(self, fault: Fault) -> Result:
        result = Result(fault)
        self.stack.pause(BEFORE)
        result.began_at = time.time()
        try:
            fault.inject(fault, self.stack)
            self.stack.pause(fault.seconds)
        except (OSError, httpx.HTTPError) as error:
            result.findings.append(Finding(Sort.STUCK, f"the fault itself failed: {error!r}"))
        finally:
            fault.heal(fault, self.stack)
        result.healed_at = healed_at = time.time()
        if self.stack.wait_until(lambda: self.is_back(healed_at), seconds=BACK):
            result.back_after = time.time() - healed_at
        if self.stack.wait_until(self.stack.is_whole, seconds=WHOLE):
            result.whole_after = time.time() - healed_at
        result.over_at = time.time()
        if fault.repeats_mail:
            self.doubts.append(Doubt(result.began_at, result.over_at))
        result.acts = [act for act in list(self.ledger.acts) if result.began_at <= act.asked_at < result.over_at]
        print(result.row(), flush=True)
        return result

    def judge(self, results: Sequence[Result]) -> None:
        """Tell each fault what became of those who came then."""
        if self.visitors.faults:
            raise Trouble("a visitor of this program failed: " + "; ".join(self.visitors.faults[:3]))
        came_at = {who: acts[0].asked_at for who, acts in self.acts_by_person().items()}
        for finding in checker.check(self.evidence()):
            found = ADDRESS.search(finding.what)
            at = came_at.get(found[0], 0.0) if found else 0.0
            near = [result for result in results if result.began_at - BEFORE <= at <= result.over_at]
            (near or results)[-1].findings.append(finding)
        for number in self.writers.lost(self.stack.direct_url(self.stack.primary)):
            results[-1].findings.append(Finding(Sort.LOST, f"what a database server had acknowledged, {number}"))

    def acts_by_person(self) -> dict[str, list[Act]]:
        return self.ledger.acts_of(*{act.kind for act in self.ledger.acts})
