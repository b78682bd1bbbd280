"""One child process: in a session of its own, with a log, and never outliving this process.

Its own session keeps the Ctrl-C and the hang-up of the terminal from it, so that children can be
stopped in order. On Linux the kernel tells it when this process has died without stopping it.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from standalone.paths import ROOT, Account

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Process:
    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path | None = None  # None: it speaks where this process does
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals | None = None  # for when this process has died; None: the stop signal
    grace: float = 10.0  # seconds between the stop signal and the kill
    account: Account | None = None
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        output = self.log.open("ab") if self.log else None
        try:
            self.running = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                cwd="/" if self.account else ROOT,
                stdin=subprocess.DEVNULL if output else None,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=partial(tether, self.orphan_signal or self.stop_signal, os.getpid()),  # noqa: PLW1509  # no threads here
                **(self.account.subprocess_options() if self.account else {}),
            )
        finally:
            if output:
                output.close()

    def exit_code(self) -> int | None:
        """None while it runs, and before it was started."""
        return self.running.poll() if self.running else None

    def is_running(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def stop(self) -> None:
        """Asks, waits, and kills what is left, also of its own children."""
        if not self.running:
            return
        if self.is_running():
            self.running.send_signal(self.stop_signal)
            wait_until(lambda: not self.is_running(), seconds=self.grace)
        self.kill_all()
        self.running.wait()

    def kill_all(self) -> None:
        """Its session is its process group, which outlives it in children that it left behind."""
        if self.running:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, signal.SIGKILL)

    def last_lines(self, number: int = 15) -> str:
        text = self.log.read_text(errors="replace") if self.log and self.log.exists() else ""
        return "\n".join(text.splitlines()[-number:])


def tether(stop_signal: signal.Signals, parent: int) -> None:
    """Called in a child: the kernel sends it `stop_signal` when `parent` has died. Linux only."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:
            os.kill(os.getpid(), stop_signal)


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
