"""A port of this machine for a server that starts in a moment."""

import fcntl
import os
import random
import socket
import tempfile
from functools import cache
from pathlib import Path
from typing import IO

# Below what Linux, macOS and the BSDs give to outgoing connections, which could take a port before its server does.
NEVER_OUTGOING = range(20_000, 32_000)
given = set[int]()  # by this process, whose own locks do not keep it out


def unused_port() -> int:
    """Find a port of the loopback that nothing listens on, and that nobody else of this account has been given.

    It stays this process's own until it ends: its server may be stopped and started again.

    Raises:
        OSError: none was free in a hundred tries.
    """
    for port in random.SystemRandom().sample(NEVER_OUTGOING, 100):
        if port not in given and is_unused(port) and is_nobodys(port):
            given.add(port)
            return port
    raise OSError("no port of this machine is free")


def is_unused(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_nobodys(port: int) -> bool:
    """Lock the byte of a port in a file that all processes of this account share; it is free when this one ends."""
    try:
        fcntl.lockf(shared_file(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except BlockingIOError:
        return False
    return True


@cache
def shared_file() -> IO[bytes]:
    return (Path(tempfile.gettempdir()) / f"campaign-ports-{os.geteuid()}").open("ab")
