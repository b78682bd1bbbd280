"""`requirements.lock` from `pyproject.toml`: exact versions with hashes for every platform, and no addresses."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from standalone import bootstrap
from standalone.paths import ROOT, Trouble

GROUPS = ("embedded", "test", "lint")
COMPILE = (
    *(str(bootstrap.TOOLS / "bin" / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.12"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "pyproject.toml"),
    *(f"--group={group}" for group in GROUPS),
)
NO_NETWORK = re.compile(r"failed to fetch|network|dns error|connect", re.IGNORECASE)


def write(options: Sequence[str]) -> int:
    compile_to(bootstrap.LOCK, options)
    return 0


def check() -> int:
    """Compares versions, not hashes, which grow with every new wheel."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(bootstrap.LOCK, folder))
        try:
            compile_to(copy)
        except Trouble as trouble:
            if not NO_NETWORK.search(str(trouble)):
                raise
            print("requirements.lock was not compared with pyproject.toml, as no package index answers.")
        if pins(copy) != pins(bootstrap.LOCK):
            raise Trouble("requirements.lock is not what pyproject.toml asks for: make lock")
    return 0


def compile_to(path: Path, options: Sequence[str] = ()) -> None:
    command = [*COMPILE, "--output-file", str(path), *options]
    done = subprocess.run(command, cwd=ROOT, env=bootstrap.surroundings(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(done.stderr.strip())


def pins(lock: Path) -> list[str]:
    return re.findall(r"^\S+==.*?(?= \\|$)", lock.read_text(), re.MULTILINE)
