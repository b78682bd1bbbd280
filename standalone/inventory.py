"""What a server runs of others' work: each package with its version, licence and hashes, and what is known against it.

The packages are those of `requirements-server.lock`. What is written goes into var/release/.
"""

import csv
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from standalone import bootstrap
from standalone.lock import NO_NETWORK, SERVER
from standalone.paths import VAR, Trouble

FOLDER = VAR / "release"
PIN = re.compile(r"^(\S+)==(\S+)", re.MULTILINE)
PROJECT = """[project]
name = "campaign-site"
version = "{version}"
requires-python = ">=3.12"
dependencies = {pins}
"""


def write() -> int:
    """Write the bill of materials (CycloneDX) and the list of licences."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    licences = {name: licence_of(name) for name, _version in PIN.findall(SERVER.read_text())}
    with tempfile.TemporaryDirectory() as folder:
        uv(folder, "lock")
        bill = json.loads(uv(folder, "export", "--frozen", "--format", "cyclonedx1.5", "--quiet"))
    for part in bill["components"]:
        if licence := licences.get(part["name"]):
            part["licenses"] = [{"license": {"name": licence}}]
    (FOLDER / "sbom.json").write_text(json.dumps(bill, indent=2) + "\n")
    with (FOLDER / "licences.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["package", "version", "licence"])
        table.writerows((name, version, licences[name]) for name, version in PIN.findall(SERVER.read_text()))
    print(f"{len(licences)} packages: {FOLDER / 'sbom.json'}, {FOLDER / 'licences.csv'}")
    return 0


def audit() -> int:
    """Ask osv.dev what is known against these versions; return 1 if anything is."""
    with tempfile.TemporaryDirectory() as folder:
        uv(folder, "lock")
        done = run(folder, "audit", "--frozen")
    if done.returncode and not done.stdout.strip() and NO_NETWORK.search(done.stderr):
        print("Nothing was audited: no source of advisories answers from this machine.")
        return 0
    print(done.stdout, done.stderr, sep="\n")
    return done.returncode


def uv(folder: str, *arguments: str) -> str:
    """Run uv on a project of exactly the locked versions; raises Trouble with what it said."""
    project = Path(folder) / "pyproject.toml"
    if not project.exists():
        pins = [pin.removesuffix(" \\") for pin in re.findall(r"^\S+==.*$", SERVER.read_text(), re.MULTILINE)]
        project.write_text(PROJECT.format(version=version_of_the_site(), pins=json.dumps(pins)))
    done = run(folder, *arguments)
    if done.returncode:
        raise Trouble((done.stderr or done.stdout).strip())
    return done.stdout.strip()


def run(folder: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(bootstrap.TOOLS / "bin" / "uv"), *arguments]
    environment = {**bootstrap.surroundings(), "UV_PYTHON": sys.executable}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def version_of_the_site() -> str:
    found = re.search(r'^version = "(.+)"$', (bootstrap.ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    return found[1] if found else "0"


def licence_of(name: str) -> str:
    """Return the licence as the installed package names it; empty if it names none, or is for another machine."""
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")]
    stated = about.get("License-Expression") or (about.get("License") or "").strip()
    return stated if stated and "\n" not in stated else " / ".join(classifiers)
