"""Processes of the site that are killed, frozen, restarted, doubled or missing."""

import signal
from dataclasses import replace
from typing import ClassVar

from bench.chaos.faults.base import Fault
from standalone import site

WORKERS = ("worker", "worker-2")


class Killed(Fault):
    """The process with all its children, again and again."""

    target: ClassVar[str]
    every = 4.0

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        self.stack.send_signal(self.target, signal.SIGKILL)


class WebKilled(Killed):
    name, target = "web-killed", "web"
    every = 6.0


class RelayKilled(Killed):
    name, target = "relay-killed", "relay"


class BeatKilled(Killed):
    name, target = "beat-killed", "beat"


class WorkerKilled(Killed):
    """One of the two, whichever."""

    name = "worker-killed"
    repeats_mail = True

    def again(self) -> None:
        self.stack.send_signal(self.chance.choice(WORKERS), signal.SIGKILL)


class ChildKilled(Fault):
    """One process of a pool, which its parent replaces."""

    target: ClassVar[str]
    every = 2.0

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        self.stack.send_signal_to_child(self.target, signal.SIGKILL, self.chance)


class WebChildKilled(ChildKilled):
    name, target = "web-child-killed", "web"


class WorkerChildKilled(ChildKilled):
    name, target = "worker-child-killed", "worker"
    repeats_mail = True


class Frozen(Fault):
    """Stopped where it stands, and continued as if nothing had been."""

    target: ClassVar[str]

    def inject(self) -> None:
        self.stack.send_signal(self.target, signal.SIGSTOP)

    def heal(self) -> None:
        self.stack.send_signal(self.target, signal.SIGCONT)


class WorkerFrozen(Frozen):
    """Past every lease, so that the other worker has its work by then."""

    name, target = "worker-frozen", "worker"
    seconds = (75.0, 85.0)
    repeats_mail = True


class RelayFrozen(Frozen):
    """Past the lease of what it has published."""

    name, target = "relay-frozen", "relay"
    seconds = (18.0, 25.0)


class BeatFrozen(Frozen):
    name, target = "beat-frozen", "beat"


class WebChildFrozen(Fault):
    """One of the processes that serve; what it has accepted waits for it."""

    name = "web-child-frozen"
    seconds = (15.0, 25.0)

    def inject(self) -> None:
        self.frozen = self.stack.send_signal_to_child("web", signal.SIGSTOP, self.chance)

    def heal(self) -> None:
        for member in self.stack.family("web"):
            if member.pid == self.frozen:
                member.send_signal(signal.SIGCONT)


class Deployed(Fault):
    """Everything is stopped in order and started again, one after another."""

    name = "all-restarted"
    every = 60.0

    def inject(self) -> None:
        for name in self.stack.processes:
            self.stack.restart(name)
            self.stack.pause(1)


class TwoOfAKind(Fault):
    """More than one scheduler and more than one relay."""

    name = "two-relays-and-beats"
    every = 60.0

    def inject(self) -> None:
        environment, log = self.stack.environment, self.stack.home.log
        self.stack.add("relay-2", replace(site.relay_process(environment, log), name="relay-2"))
        self.stack.add("relay-3", replace(site.relay_process(environment, log), name="relay-3"))
        beat = site.beat(environment, log)
        schedule = [word if word != log / "beat-schedule" else log / "beat-schedule-2" for word in beat.command]
        self.stack.add("beat-2", replace(beat, name="beat-2", command=schedule))

    def heal(self) -> None:
        for name in ("relay-2", "relay-3", "beat-2"):
            self.stack.remove(name)


class NoneAtAll(Fault):
    """Nothing that publishes, schedules or works."""

    name = "no-relay-beat-or-worker"
    seconds = (12.0, 20.0)
    names = ("relay", "beat", *WORKERS)

    def inject(self) -> None:
        self.stack.kept_down |= set(self.names)
        for name in self.names:
            self.stack.processes[name].stop()

    def heal(self) -> None:
        self.stack.kept_down -= set(self.names)


FAULTS = (
    WebKilled, WebChildKilled, WebChildFrozen, WorkerKilled, WorkerChildKilled, WorkerFrozen, RelayKilled, RelayFrozen,
    BeatKilled, BeatFrozen, Deployed, TwoOfAKind, NoneAtAll,
)  # fmt: skip
