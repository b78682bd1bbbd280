"""A machine whose clock is wrong: one process is started again in another time."""

import shutil
import subprocess
from typing import ClassVar

from bench.chaos.faults.base import Fault
from standalone.paths import ROOT

SOURCE = ROOT / "tests/system/clock_shift.c"
DAY = 24 * 3600


class ClockWrong(Fault):
    shift: ClassVar[int]
    every = 60.0
    seconds = (12.0, 18.0)
    repeats_mail = True  # a worker that is stopped in order finishes first, but for what takes too long

    def obstacle(self) -> str:
        return "" if shutil.which("cc") else "no C compiler on this machine"

    def inject(self) -> None:
        library = self.stack.home.log / "clock_shift.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
        self.target = self.chance.choice(["web", "worker", "relay", "beat"])
        wrong = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(self.shift)}
        self.stack.restart(self.target, {**self.stack.environment, **wrong})

    def heal(self) -> None:
        self.stack.restart(self.target, self.stack.environment)


class ClockAhead(ClockWrong):
    name, shift = "clock-ahead", 8 * DAY


class ClockBehind(ClockWrong):
    name, shift = "clock-behind", -8 * DAY


class ClockOff(ClockWrong):
    name, shift = "clock-off-by-90-seconds", 90


FAULTS = (ClockAhead, ClockBehind, ClockOff)
