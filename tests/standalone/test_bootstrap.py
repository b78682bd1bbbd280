"""What of the bootstrap can be seen without a network; the rest shows in every run on a new machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from standalone import bootstrap
from standalone.paths import ROOT


def run(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", script],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_start_does_nothing() -> None:
    if not bootstrap.is_current():
        pytest.skip("these tests run in an environment that make did not make")
    done = run(ROOT / "standalone" / "bootstrap.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_make_passes_over_a_python_that_does_not_start(tmp_path: Path) -> None:
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    (tmp_path / "python").symlink_to(sys.executable)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    command = ["make", "--dry-run", ".ready"]
    shown = subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, text=True, check=True).stdout
    assert "python -I standalone/bootstrap.py" in shown.splitlines()


def test_a_missing_pip_is_named_in_one_line(tmp_path: Path) -> None:
    script = tmp_path / "a checkout" / "campaign" / "standalone" / "bootstrap.py"
    script.parent.mkdir(parents=True)
    shutil.copy(bootstrap.__file__, script)
    (tmp_path / "a checkout" / "requirements.lock").touch()
    done = run(script)
    if "pip is missing" not in done.stderr:
        pytest.skip("this Python has pip")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_an_unfit_home_leaves_caches_to_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nowhere")
    assert bootstrap.surroundings()["UV_CACHE_DIR"] == str(bootstrap.TOOLS / "cache")


def test_pythons_of_pyenv_come_before_its_shims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("3.11.7", "3.12.1"):
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
        (tmp_path / "versions" / version / "bin" / "python3").touch(mode=0o755)
    (tmp_path / "versions" / "3.13.0" / "bin").mkdir(parents=True)  # half removed
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    folders = bootstrap.surroundings()["PATH"].split(os.pathsep)
    assert str(tmp_path / "versions" / "3.12.1" / "bin") in folders[:2]
    assert str(tmp_path / "versions" / "3.11.7" / "bin") not in folders
    assert str(tmp_path / "versions" / "3.13.0" / "bin") not in folders


@pytest.mark.parametrize("name", ["PYENV_ROOT", "HOME"])
def test_pythons_of_somebody_else_are_passed_over(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `su` without `-`. Root may look everywhere, so somebody without any rights does."""
    if os.geteuid():
        pytest.skip("only root can look as somebody else")
    theirs = tmp_path / "home"
    (theirs / ".pyenv" / "versions" / "3.12.1" / "bin").mkdir(parents=True)
    theirs.chmod(0o700)
    for other in ("PYENV_ROOT", "HOME"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, str(theirs / ".pyenv" if name == "PYENV_ROOT" else theirs))
    os.seteuid(65534)
    try:
        found = bootstrap.surroundings()["PATH"].split(os.pathsep)
    finally:
        os.seteuid(0)
    assert [folder for folder in found if str(tmp_path) in folder] == []


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("warning: x\nerror: no such package\nhint: look\n", "error: no such package"),
        ("\n  nothing told\n", "nothing told"),
        ("", "no message"),
    ],
)
def test_the_most_telling_line_of_a_failure_is_shown(output: str, line: str) -> None:
    assert bootstrap.telling_line(output) == line
