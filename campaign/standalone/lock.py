"""`requirements.lock` from `pyproject.toml`: exact versions with hashes for every platform, and no addresses."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from campaign.standalone.places import ROOT, Trouble

LOCK = ROOT / "requirements.lock"
UV = ROOT / ".tools" / "bin" / "uv"
GROUPS = ("embedded", "test", "lint")
COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.12"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "pyproject.toml"),
    *(f"--group={group}" for group in GROUPS),
)


def write(options: Sequence[str]) -> int:
    return compile_to(LOCK, options)


def check() -> int:
    """1 if the lock lacks something that pyproject.toml asks for; hashes may grow with every new wheel."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(LOCK, folder))
        if compile_to(copy, []):
            print("requirements.lock was not compared with pyproject.toml, as no package index answers.")
            return 0
        if pins(copy) != pins(LOCK):
            raise Trouble("requirements.lock is not what pyproject.toml asks for: make lock")
    return 0


def compile_to(path: Path, options: Sequence[str]) -> int:
    return subprocess.run([UV, *COMPILE, "--output-file", path, *options], cwd=ROOT, check=False).returncode


def pins(lock: Path) -> list[str]:
    return re.findall(r"^\S+==.*?(?= \\|$)", lock.read_text(), re.MULTILINE)
