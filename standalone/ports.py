"""A port of this machine for a server that starts in a moment."""

import random
import socket

# Below what Linux, macOS and the BSDs give to outgoing connections, which could take a port before its server does.
NEVER_OUTGOING = range(20_000, 32_000)


def unused_port() -> int:
    """Find a port of the loopback that nothing listens on.

    Raises:
        OSError: none was free in a hundred tries.
    """
    for port in random.SystemRandom().sample(NEVER_OUTGOING, 100):
        if is_unused(port):
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
