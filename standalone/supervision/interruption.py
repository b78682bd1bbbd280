"""Ctrl-C, TERM and the end of the terminal as a flag that is looked at, never an exception out of nowhere.

make passes TERM on to what it started, which may have had it already: a second one changes nothing.
The end of a terminal it keeps to itself, and waits, so the terminal is looked at as well.
"""

import os
import select
import signal
import time
from collections.abc import Callable
from types import FrameType

from standalone.supervision.process import tether


class Interrupted(Exception):
    pass


class Interruption:
    def __init__(self) -> None:
        self.is_wanted = False
        is_nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        self.terminal = None if is_nohup else next(filter(os.isatty, (0, 1, 2)), None)
        for number in (signal.SIGINT, signal.SIGTERM, *([] if is_nohup else [signal.SIGHUP])):
            signal.signal(number, self.note)

    def note(self, number: int, frame: FrameType | None) -> None:
        self.is_wanted = True

    def has_lost_terminal(self) -> bool:
        if self.terminal is None:
            return False
        poll = select.poll()
        poll.register(self.terminal, 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))

    def pause(self, seconds: float = 0.1) -> None:
        if self.is_wanted or self.has_lost_terminal():
            raise Interrupted
        time.sleep(seconds)

    def wait_until(self, is_true: Callable[[], bool], *, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not is_true():
            if time.monotonic() > deadline:
                return False
            self.pause()
        return True


def end_with_make() -> None:
    """A make that is killed cannot pass anything on: its end is a reason to stop like any other."""
    if "MAKELEVEL" in os.environ:
        tether(signal.SIGTERM, os.getppid())
