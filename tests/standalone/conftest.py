"""A checkout of its own for the tests that start the whole site from one."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

from campaign.environment import Environment
from standalone.paths import ROOT, TMP
from standalone.ports import unused_port
from standalone.supervision.process import wait_until

RUN = (sys.executable, "-m", "standalone", "run")
LEFT_OUT = shutil.ignore_patterns(".*", "var", "__pycache__", "docs", "node_modules")
SETTINGS = {*Environment.model_fields, "DEMO_PASSWORD", "MAKELEVEL"}


@dataclass
class Checkout:
    path: Path
    port: int

    def start(self, settings: Mapping[str, str] | None = None, *, command: str = "run") -> subprocess.Popen[str]:
        return subprocess.Popen(
            (sys.executable, "-m", "standalone", command),
            cwd=self.path,
            env={**self.environment, **(settings or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def environment(self) -> dict[str, str]:
        """Of this process, but without the settings of its tests."""
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return {**kept, "PORT": str(self.port)}

    @property
    def servers(self) -> Path:
        """Where the sockets are, and the data when root runs the servers."""
        mark = self.path / "var" / "mark"
        name = os.fsencode(self.path) + (mark.read_bytes() if mark.exists() else b"")
        return TMP / f"campaign-{os.geteuid()}-{sha256(name).hexdigest()[:12]}"

    def processes(self) -> list[psutil.Process]:
        """All that runs from this checkout, under whatever name and parent."""
        return [process for process in psutil.process_iter() if self.is_ours(process)]

    def children(self, word: str) -> list[psutil.Process]:
        """Those with this word on their command line."""
        return [process for process in self.processes() if word in arguments_of(process)]

    def is_ours(self, process: psutil.Process) -> bool:
        try:
            places = [process.cwd(), *process.cmdline()]
        except psutil.Error:
            return False
        return any(str(self.path) in place or str(self.servers) in place for place in places)

    def is_quiet(self) -> bool:
        return not self.processes()


def arguments_of(process: psutil.Process) -> list[str]:
    """Empty if it has ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def lines_until(process: subprocess.Popen[str], words: str) -> str:
    seen = ""
    for line in process.stdout or ():
        seen += line
        if words in line:
            return seen
    raise AssertionError(seen)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    path = tmp_path_factory.mktemp("a place") / "a checkout"
    shutil.copytree(ROOT, path, ignore=LEFT_OUT)
    checkout = Checkout(path.resolve(), unused_port())
    yield checkout
    for process in checkout.processes():
        process.send_signal(signal.SIGKILL)
    wait_until(checkout.is_quiet, seconds=60)
    shutil.rmtree(checkout.servers, ignore_errors=True)
