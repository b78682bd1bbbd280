"""Locks from `pyproject.toml`: exact versions with hashes for every platform, and no addresses.

`requirements.lock` holds everything, `requirements-server.lock` what a server needs, in the same versions, and
`requirements-tracing.lock` that with what OTLP_ENDPOINT needs.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from standalone import bootstrap
from standalone.paths import ROOT, Trouble

SERVER, TRACING = ROOT / "requirements-server.lock", ROOT / "requirements-tracing.lock"
GROUPS = ("tracing", "embedded", "test", "lint")
ALL = tuple(f"--group={group}" for group in GROUPS)
AS_LOCKED = ("--constraints", str(bootstrap.LOCK))
COMPILE = (
    *(str(bootstrap.TOOLS / "bin" / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.12"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "pyproject.toml"),
)
NO_NETWORK = re.compile(r"failed to fetch|network|dns error|connect", re.IGNORECASE)


def write(options: Sequence[str]) -> int:
    compile_to(bootstrap.LOCK, *ALL, *options)
    compile_to(SERVER, *AS_LOCKED)
    compile_to(TRACING, "--group=tracing", *AS_LOCKED)
    return 0


def check() -> int:
    """Compares versions, not hashes, which grow with every new wheel."""
    with tempfile.TemporaryDirectory() as folder:
        everything, server, tracing = (Path(shutil.copy(lock, folder)) for lock in (bootstrap.LOCK, SERVER, TRACING))
        try:
            compile_to(everything, *ALL)
            compile_to(server, *AS_LOCKED)
            compile_to(tracing, "--group=tracing", *AS_LOCKED)
        except Trouble as trouble:
            if not NO_NETWORK.search(str(trouble)):
                raise
            print("The locks were not compared with pyproject.toml, as no package index answers.")
        for found, kept in ((everything, bootstrap.LOCK), (server, SERVER), (tracing, TRACING)):
            if pins(found) != pins(kept):
                raise Trouble(f"{kept.name} is not what pyproject.toml asks for: make lock")
    return 0


def compile_to(path: Path, *options: str) -> None:
    command = [*COMPILE, "--output-file", str(path), *options]
    done = subprocess.run(command, cwd=ROOT, env=bootstrap.surroundings(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(done.stderr.strip())


def pins(lock: Path) -> list[str]:
    return re.findall(r"^\S+==.*?(?= \\|$)", lock.read_text(), re.MULTILINE)
