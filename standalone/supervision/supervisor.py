"""Starts children, starts again those that end, and stops all of them in order.

Of our own, since the usual managers of a Procfile neither start a child again nor stop children in
order, and those that do are services with configuration and a protocol of their own. None of them
takes its children along when it is killed.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from standalone.paths import ROOT, Trouble
from standalone.supervision.interruption import Interruption
from standalone.supervision.process import Process
from standalone.supervision.sources import Sources

LONGEST_DELAY = 30
LONG_ENOUGH = 60  # seconds of life after which an end is no sign of a fault at the start
TRIES_AT_START = 3


def tell(line: str) -> None:
    """The terminal may be gone, which is no reason to stop badly."""
    with suppress(OSError):
        print(line, flush=True)


@dataclass
class Child:
    process: Process
    is_ready: Callable[[], bool] = lambda: True
    ends: int = 0
    started_at: float = field(default_factory=time.monotonic)
    due_at: float | None = None

    def revive(self) -> None:
        """Looks after the process once: notes its end, or starts it again when that is due."""
        now = time.monotonic()
        if self.process.is_running():
            return
        if self.due_at is None:
            self.ends = 1 if now - self.started_at > LONG_ENOUGH else self.ends + 1
            self.due_at = now + min(2 ** (self.ends - 1) - 1, LONGEST_DELAY)  # at once, if it had lived long
            self.process.kill_all()
            code = self.process.exit_code()
            tell(f"{self.process.name} ended ({code}) and is started again; see {name_in_log(self.process)}")
        elif now >= self.due_at:
            self.started_at, self.due_at = now, None
            self.process.start()


class Supervisor:
    """A context: whatever was started in it is stopped at its end, the last one first."""

    def __init__(self, interruption: Interruption) -> None:
        self.interruption = interruption
        self.children: list[Child] = []

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *error: object) -> None:
        while self.children:
            self.children.pop().process.stop()

    def start(self, process: Process, is_ready: Callable[[], bool] = lambda: True) -> None:
        self.children.append(Child(process, is_ready))
        process.start()

    def wait_until_ready(self, *, seconds: float) -> None:
        """Until every child is; one that ends meanwhile has a few tries."""
        waiting = list(self.children)

        def are_ready() -> bool:
            for child in waiting:
                child.revive()
                if child.ends >= TRIES_AT_START:
                    raise failure(child.process)
            waiting[:] = [child for child in waiting if not (child.process.is_running() and child.is_ready())]
            return not waiting

        if not self.interruption.wait_until(are_ready, seconds=seconds):
            raise failure(waiting[0].process, f"did not answer within {seconds:.0f} seconds")

    def run(self, *processes: Process) -> None:
        """Side by side to their ends; a failure of one is the failure of all."""
        try:
            for process in processes:
                process.start()
            self.interruption.wait_until(lambda: not any(p.is_running() for p in processes), seconds=600)
        finally:
            for process in processes:
                process.stop()
        for process in processes:
            if process.exit_code():
                raise failure(process)

    def watch(self, sources: Sources | None = None) -> None:
        """For ever, which ends with Interrupted. What does not reload itself starts anew when a source has changed."""
        while True:
            self.interruption.pause(0.2)
            if sources and sources.have_changed():
                self.restart("worker", "beat", "relay")
            for child in self.children:
                child.revive()

    def restart(self, *names: str) -> None:
        chosen = [child for child in self.children if child.process.name in names]
        tell(f"The code has changed: {', '.join(child.process.name for child in chosen)} start anew.")
        for child in chosen:
            child.process.stop()
            child.process.start()
            child.ends, child.started_at, child.due_at = 0, time.monotonic(), None


def failure(process: Process, what: str = "failed") -> Trouble:
    return Trouble(f"{process.name} {what}. The end of {name_in_log(process)}:\n{process.last_lines()}")


def name_in_log(process: Process) -> str:
    log = process.log
    if log is None:
        return "what it said above"
    return str(log.relative_to(ROOT) if log.is_relative_to(ROOT) else log)
