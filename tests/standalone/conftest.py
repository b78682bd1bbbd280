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

from campaign.standalone.places import ROOT, TMP
from campaign.standalone.process import wait_until
from tests.live.fixtures import free_port

LEFT_OUT = shutil.ignore_patterns(".*", "var", "__pycache__", "docs", "node_modules")
SETTINGS = ("PATH", "HOME", "PYENV_ROOT", "LANG", "EMBEDDED_POSTGRES", "EMBEDDED_REDIS")


@dataclass
class Checkout:
    path: Path
    port: int

    def start(
        self, settings: Mapping[str, str] | None = None, *, on_this_terminal: bool = False
    ) -> subprocess.Popen[str]:
        environment = {name: os.environ[name] for name in SETTINGS if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-m", "campaign.standalone", "run"],
            cwd=self.path,
            env={**environment, "PORT": str(self.port), **(settings or {})},
            stdout=None if on_this_terminal else subprocess.PIPE,
            stderr=None if on_this_terminal else subprocess.STDOUT,
            text=True,
        )

    @property
    def servers(self) -> Path:
        """Where the sockets are, and the data when root runs the servers."""
        return TMP / f"campaign-{os.geteuid()}-{sha256(os.fsencode(self.path)).hexdigest()[:12]}"

    def processes(self) -> list[psutil.Process]:
        """All that runs from this checkout, under whatever name and parent."""
        return [process for process in psutil.process_iter() if self.is_ours(process)]

    def is_ours(self, process: psutil.Process) -> bool:
        try:
            places = [process.cwd(), *process.cmdline()]
        except psutil.Error:
            return False
        return any(str(self.path) in place or str(self.servers) in place for place in places)

    def is_quiet(self) -> bool:
        return not self.processes()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    path = tmp_path_factory.mktemp("a place") / "a checkout"
    shutil.copytree(ROOT, path, ignore=LEFT_OUT)
    checkout = Checkout(path.resolve(), free_port())
    yield checkout
    for process in checkout.processes():
        process.send_signal(signal.SIGKILL)
    wait_until(checkout.is_quiet, seconds=10)
    shutil.rmtree(checkout.servers, ignore_errors=True)
