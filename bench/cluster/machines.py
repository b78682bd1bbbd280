"""Servers on addresses of their own, from the files in deploy/cluster/ that a real cluster uses."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from standalone.paths import ROOT, Home, Trouble
from standalone.servers import postgres_versions, redis
from standalone.supervision.process import Process

TEMPLATES = ROOT / "deploy" / "cluster"
ETCD = {f"etcd{number}": f"127.0.2.{number}" for number in (1, 2, 3)}
DATABASES = {f"database{number}": f"127.0.3.{number}" for number in (1, 2)}
ENTRY = "127.0.4.1"  # HAProxy, as it stands on each machine
VALKEYS = {f"valkey{number}": f"127.0.5.{number}" for number in (1, 2)}
POOLER = "127.0.6.1"
WEB = {f"web-{number}": f"127.0.7.{number}" for number in (1, 2, 3)}
WEB_PORT = 8000
SITE_PORT = 8080
PASSWORDS = ("SUPERUSER", "REPLICATION", "PATRONI", "OWNER", "SITE")
PACKAGES = {"etcd": "etcd-server", "patroni": "patroni", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}
OLDEST_PATRONI = (3, 0, 3)
PLACES = (
    *((address, port) for address in ETCD.values() for port in (2379, 2380)),
    *((address, port) for address in DATABASES.values() for port in (5432, 8008)),
    *((ENTRY, port) for port in (5000, 5001, 6379, SITE_PORT)),
    *((address, 6379) for address in VALKEYS.values()),
    (POOLER, 6432),
    *((address, WEB_PORT) for address in WEB.values()),
)


def common(passwords: Mapping[str, str]) -> dict[str, str]:
    """What every file may name."""
    return {
        **{f"{name}_PASSWORD": value for name, value in passwords.items()},
        **{f"ETCD_{number}": address for number, address in enumerate(ETCD.values(), 1)},
        **{f"DATABASE_{number}": address for number, address in enumerate(DATABASES.values(), 1)},
        **{f"VALKEY_{number}": address for number, address in enumerate(VALKEYS.values(), 1)},
        **{f"WEB_{number}": f"{address}:{WEB_PORT}" for number, address in enumerate(WEB.values(), 1)},
        "DATABASE_NETWORK": "127.0.0.0/8",
        "DATABASE_ADDRESS": ENTRY,
        "SITE_HOST": ENTRY,
    }


def servers(home: Home, passwords: Mapping[str, str]) -> dict[str, Process]:
    """All of them, in the order in which they are started. Raises Trouble that names what is missing or taken."""
    programs = found_programs()
    return {
        process.name: process
        for processes in (
            etcds(home, programs, passwords),
            databases(home, programs, passwords),
            valkeys(home, passwords),
            ways(home, programs, passwords),
        )
        for process in processes
    }


def found_programs() -> dict[str, str]:
    places = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
    found = {name: shutil.which(name, path=places) or "" for name in PACKAGES}
    if missing := [PACKAGES[name] for name, program in found.items() if not program]:
        raise Trouble(f"A cluster needs more programs: apt-get install --no-install-recommends {' '.join(missing)}")
    if taken := [f"{address}:{port}" for address, port in PLACES if is_taken(address, port)]:
        raise Trouble(f"{', '.join(taken)}: somebody listens there already")
    if version_of(found["patroni"]) < OLDEST_PATRONI:
        raise Trouble("This Patroni loses what was acknowledged: take 3.0.3 or newer (docs/deploy.md)")
    return found


def version_of(patroni: str) -> tuple[int, ...]:
    said = subprocess.run([patroni, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, said.split()[-1].split(".")[:3]))


def is_taken(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def etcds(home: Home, programs: Mapping[str, str], passwords: Mapping[str, str]) -> Iterator[Process]:
    for name, address in ETCD.items():
        folder = own_folder(home, name)
        values = {"NODE_NAME": name, "NODE_ADDRESS": address, "ETCD_FOLDER": str(folder / "data")}
        lines = filled("etcd.env", common(passwords) | values).splitlines()
        given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        yield server(home, name, [programs["etcd"]], given)


def databases(home: Home, programs: Mapping[str, str], passwords: Mapping[str, str]) -> Iterator[Process]:
    postgres = postgres_versions.choose(home, {**os.environ, "EMBEDDED_POSTGRES": "system"})
    for name, address in DATABASES.items():
        folder = own_folder(home, name)
        settings = written(home, folder / "campaign.conf", (ROOT / "deploy/postgresql/campaign.conf").read_text())
        values = {
            "NODE_NAME": name,
            "NODE_ADDRESS": address,
            "DATA_FOLDER": str(folder / "data"),
            "PROGRAM_FOLDER": str(postgres.folder),
            "RUN_FOLDER": str(folder),
            "POSTGRESQL_CONF": str(settings),
        }
        configuration = written(home, folder / "patroni.yml", filled("patroni.yml", common(passwords) | values))
        yield server(home, name, [programs["patroni"], configuration], {"HOME": str(folder)}, grace=30)


def valkeys(home: Home, passwords: Mapping[str, str]) -> Iterator[Process]:
    program = redis.choose(home, os.environ)
    for name, address in VALKEYS.items():
        text = filled("valkey.conf", common(passwords) | {"NODE_ADDRESS": address})
        yield server(home, name, [program, written(home, own_folder(home, name) / "valkey.conf", text)], {})


def ways(home: Home, programs: Mapping[str, str], passwords: Mapping[str, str]) -> Iterator[Process]:
    """To whichever server is there: HAProxy, and PgBouncer behind it."""
    folder = own_folder(home, "haproxy")
    ours = {
        "LISTEN_ADDRESS": ENTRY,
        "RUN_FOLDER": str(folder),
        "HAPROXY_USER": pwd.getpwuid(home.account.uid).pw_name,
        "HAPROXY_GROUP": grp.getgrgid(home.account.gid).gr_name,
    }
    text = filled("haproxy.cfg", common(passwords) | ours)
    yield server(home, "haproxy", [programs["haproxy"], "-f", written(home, folder / "haproxy.cfg", text)], {})
    folder = own_folder(home, "pgbouncer")
    users = written(home, folder / "users", f'"campaign" "{passwords["SITE"]}"\n')
    text = filled("pgbouncer.ini", common(passwords) | {"LISTEN_ADDRESS": POOLER, "USERLIST": str(users)})
    yield server(home, "pgbouncer", [programs["pgbouncer"], written(home, folder / "pgbouncer.ini", text)], {})


def server(
    home: Home, name: str, command: list[str | Path], environment: Mapping[str, str], grace: float = 10.0
) -> Process:
    given = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment}
    return Process(name, command, given, home.log / f"{name}.log", account=home.account, grace=grace)


def filled(name: str, values: Mapping[str, str]) -> str:
    """The file with its variables filled in, as envsubst would."""
    return Template((TEMPLATES / f"{name}.template").read_text()).substitute(values)


def own_folder(home: Home, name: str) -> Path:
    folder = home.data / name
    folder.mkdir(mode=0o700)
    os.chown(folder, home.account.uid, home.account.gid)
    return folder


def written(home: Home, path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    os.chown(path, home.account.uid, home.account.gid)
    return path
