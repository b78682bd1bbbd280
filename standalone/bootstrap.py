"""Makes `.venv`: Python 3.12 or newer with the locked packages, and nothing from the machine itself.

Called by the Makefile with any `python3` from 3.8 on, so it uses the standard library alone.
A stamp says what `.venv` was made of; while that is still true, there is nothing to do.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import IO

UV = "0.13.9"
PYTHON = ">=3.12,<3.15"  # the newest for which every locked package has a wheel

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "made-of"
HOME_OF_VENV = VENV / "made-in"


class Missing(Exception):
    """What the machine lacks, in one line."""


def main() -> int:
    try:
        with exclusive():
            if not is_current():
                make()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def exclusive() -> IO[str]:
    """Two `make` at once must not build into each other's hands."""
    try:
        TOOLS.mkdir(exist_ok=True)
        handle = (TOOLS / "lock").open("w")
    except OSError as error:
        raise Missing(f"{ROOT} must be writable: {error.strerror}: {error.filename}") from None
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def is_current() -> bool:
    try:
        return STAMP.read_text() == ingredients() and is_venv_usable()
    except OSError:
        return False


def is_venv_usable() -> bool:
    """Its Python is still there, and it was not moved: its scripts begin with its path."""
    try:
        return HOME_OF_VENV.read_text() == str(ROOT) and os.access(str(VENV / "bin" / "python"), os.X_OK)
    except OSError:
        return False


def ingredients() -> str:
    return "\n".join([hashlib.sha256(LOCK.read_bytes()).hexdigest(), PYTHON, UV])


def make() -> None:
    print("Installing the locked packages into .venv (once; about a minute) ...", flush=True)
    install_uv()
    environment = surroundings()
    if not is_venv_usable():
        uv(
            environment,
            ["venv", "--quiet", "--clear", "--no-project", "--python", PYTHON, str(VENV)],
            "Python 3.12, 3.13 or 3.14 is needed, none was found, none could be fetched: put one on PATH",
        )
        HOME_OF_VENV.write_text(str(ROOT))
    uv(
        environment,
        [
            "pip",
            "sync",
            "--quiet",
            "--compile-bytecode",
            "--python",
            str(VENV / "bin" / "python"),
            "--require-hashes",
            str(LOCK),
        ],
        "The locked packages could not be installed",
    )
    STAMP.write_text(ingredients())


def install_uv() -> None:
    if (TOOLS / ("uv-%s.dist-info" % UV)).is_dir():
        return
    missing = "pip is missing for %s: install it (Debian: python3-pip)" % sys.executable
    check([sys.executable, "-m", "pip", "--version"], missing)
    check(
        [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(TOOLS), "uv==" + UV],
        "uv %s could not be installed with pip; is there a network?" % UV,
        dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_ROOT_USER_ACTION="ignore"),
    )


def uv(environment: dict[str, str], arguments: list[str], complaint: str) -> None:
    check([str(TOOLS / "bin" / "uv"), *arguments], complaint, environment)


def surroundings() -> dict[str, str]:
    """Where uv looks for a Python, and where it may write if the home directory is no place for that."""
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join([*pyenv_pythons(), environment.get("PATH", os.defpath)])
    for unwanted in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH"):
        environment.pop(unwanted, None)
    if has_certificates():
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    if not is_home_writable():
        environment.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
        environment.setdefault("UV_PYTHON_INSTALL_DIR", str(TOOLS / "python"))
    return environment


def pyenv_pythons() -> list[str]:
    """The running Python comes first if it is new enough; the shims of pyenv would hide the others.

    Those that this user may not run are passed over: after `su`, PYENV_ROOT and HOME may be somebody else's.
    """
    running = [str(Path(sys.executable).parent)] if sys.version_info >= (3, 12) else []
    versions = Path(os.environ.get("PYENV_ROOT") or Path(os.environ.get("HOME", "/"), ".pyenv"), "versions")
    try:
        folders = sorted(str(path) for path in versions.glob("3.1[234]*/bin"))
    except OSError:
        folders = []
    return running + [folder for folder in folders if os.access(folder + "/python3", os.X_OK)]


def has_certificates() -> bool:
    """The machine's own may know the proxy of a house that uv's built-in ones do not."""
    paths = ssl.get_default_verify_paths()
    return sys.platform == "darwin" or bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


def is_home_writable() -> bool:
    """An unset or unfit HOME leaves the cache to the checkout."""
    home = os.environ.get("HOME")
    return home is not None and os.path.isdir(home) and os.access(home, os.W_OK)  # noqa: PTH112  # Path raises


def check(command: list[str], complaint: str, environment: dict[str, str] | None = None) -> None:
    """Runs `command` in silence; where it fails, `complaint` and its most telling line."""
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except OSError as error:
        raise Missing("%s (%s)" % (complaint, error)) from None
    if done.returncode:
        raise Missing("%s (%s)" % (complaint, telling_line(done.stdout)))


def telling_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "caused by", "cause:", "x ", "×"))]
    return (errors or lines or ["no message"])[-1]


if __name__ == "__main__":
    sys.exit(main())
