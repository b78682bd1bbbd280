"""Blocks of shell commands, typed by root on a server that is made for a test and gone afterwards.

It has name spaces of its own (mounts, processes, network), so its ports, accounts, folders and programs are nobody
else's, and whatever is written lies in memory. Its programs are this machine's, but for what a server gets from
elsewhere (`stand_ins.py`). Linux, and root.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from standalone.paths import ROOT
from tests.live.terminal import Terminal

STAND_INS = Path(__file__).with_name("stand_ins.py")
NAMES = ("loopback", "apt-get", "systemctl", "certbot", "git", "python3", "psql", "pg_dump", "pg_restore")
START = Path(__file__).with_name("start.sh")
NEVER_COPIED = shutil.ignore_patterns(".git", ".venv", ".tools", "var", ".env", ".*_cache", ".hypothesis")


class BareDebian:
    """`folder` is where its root can be seen by this process."""

    def __init__(self, terminal: Terminal, root: Path) -> None:
        self.terminal, self.number = terminal, 0
        namespaces = Path(f"/proc/{terminal.process.pid}")
        self.root = namespaces / "root" / root.relative_to("/")
        self.visitor = ThreadPoolExecutor(1, initializer=partial(enter_network, namespaces / "ns" / "net"))

    def begin(self, block: str) -> str:
        """Have a block executed; return what stands on the screen once it was."""
        self.number += 1
        (self.root / "root" / f"block-{self.number}").write_text(block)
        self.terminal.type(f"/root/block-{self.number}")
        return f"[done /root/block-{self.number}]"

    def run(self, block: str, *, seconds: float = 120) -> None:
        self.terminal.wait_for(self.begin(block), seconds=seconds)

    def visit[T](self, act: Callable[[], T]) -> T:
        """Do something on its network; a thread that this starts stays there."""
        return self.visitor.submit(act).result()


def enter_network(namespace: Path) -> None:
    """Of this thread alone."""
    with namespace.open() as file:
        os.setns(file.fileno(), os.CLONE_NEWNET)


def can_be_made() -> bool:
    """Root in a container often may not mount."""
    layer = "cd /mnt && mkdir upper work all && mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay all"
    spaces = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork"]
    command = [*spaces, "sh", "-c", f"mount -t tmpfs none /mnt && {layer}"]
    return bool(shutil.which("unshare")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def bare_debian(folder: Path, certificates: Path) -> Iterator[BareDebian]:
    """`certificates` holds what its certificate authority will say; `folder` is empty."""
    given, root = folder / "given", folder / "root"
    root.mkdir()
    shutil.copytree(ROOT, given / "site", ignore=NEVER_COPIED, symlinks=True)
    shutil.copytree(certificates, given / "certificates")
    (given / "bin").mkdir()
    for name in NAMES:
        program = given / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{STAND_INS}" {name} "$@"\n')
        program.chmod(0o755)
    command = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child", "sh", "-eu", str(START)]
    environment = {
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "PATH": "/given/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "READABLE": f"{ROOT}:{sys.prefix}:{sys.base_prefix}",
    }
    terminal = Terminal(*command, str(folder), environment=environment)
    try:
        terminal.wait_for("[ready]", seconds=60)
        yield BareDebian(terminal, root)
    finally:
        terminal.process.kill()
        terminal.process.wait()
