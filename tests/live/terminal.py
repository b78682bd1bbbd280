"""Somebody at a terminal: reads until what they wait for stands there, and types."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping

from campaign.environment import ROOT


class Terminal:
    """`screen` is all that the command has written; `read_to` is how far it was read."""

    def __init__(self, *command: str, environment: Mapping[str, str]) -> None:
        mine, its = pty.openpty()
        self.screen, self.read_to, self.descriptor = "", 0, mine
        self.process = subprocess.Popen(
            command, stdin=its, stdout=its, stderr=its, cwd=ROOT, env=environment, start_new_session=True
        )
        os.close(its)

    def wait_for(self, words: str, *, seconds: float = 300) -> None:
        """Read until `words` stand behind what was waited for before."""
        until = time.monotonic() + seconds
        while (found := self.screen.find(words, self.read_to)) < 0:
            assert time.monotonic() < until, self.screen
            assert not self.screen.endswith("[end]"), self.screen
            self.read()
        self.read_to = found + len(words)

    def read(self) -> None:
        if select.select([self.descriptor], [], [], 0.2)[0]:
            try:
                self.screen += os.read(self.descriptor, 4096).decode(errors="replace")
            except OSError:  # it has ended
                assert self.process.wait(30) is not None
                self.screen += "[end]"

    def type(self, line: str) -> None:
        os.write(self.descriptor, f"{line}\n".encode())

    def answer(self, question: str, *lines: str) -> None:
        for line in lines:
            self.wait_for(question)
            self.type(line)
