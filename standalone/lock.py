"""Locks from `pyproject.toml`: exact versions with hashes for every platform, and no addresses.

`requirements.lock` holds everything, `requirements-server.lock` what a server needs, in the same versions, and
`requirements-extras.lock` that with what few sites need: OTLP_ENDPOINT and MEDIA_BUCKET.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from standalone import bootstrap
from standalone.paths import ROOT, Trouble

SERVER, EXTRAS = ROOT / "requirements-server.lock", ROOT / "requirements-extras.lock"
GROUPS = ("extras", "embedded", "test", "lint")
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
    compile_to(EXTRAS, "--group=extras", *AS_LOCKED)
    return 0


def check() -> int:
    """Compares versions, not hashes, which grow with every new wheel."""
    with tempfile.TemporaryDirectory() as folder:
        everything, server, extras = (Path(shutil.copy(lock, folder)) for lock in (bootstrap.LOCK, SERVER, EXTRAS))
        try:
            compile_to(everything, *ALL)
            compile_to(server, *AS_LOCKED)
            compile_to(extras, "--group=extras", *AS_LOCKED)
        except Trouble as trouble:
            if not NO_NETWORK.search(str(trouble)):
                raise
            print("The locks were not compared with pyproject.toml, as no package index answers.")
        for found, kept in ((everything, bootstrap.LOCK), (server, SERVER), (extras, EXTRAS)):
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
