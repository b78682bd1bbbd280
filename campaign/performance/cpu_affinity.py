"""Each process of the web server is pinned to a processor (docs/decisions/0039).

Python runs one thread of a process at a time. Left to itself, Linux wakes the next one on another processor, which has
nothing of it in its cache: a quarter of the time of every signature.
"""

import os
import random
import socket
from contextlib import suppress

SHARES = 16  # of one processor

claims: list[socket.socket] = []


def pin() -> None:
    """Keep this process, with the threads that it will start, on a processor that no sibling has, if there is one.

    Nothing happens where the system cannot, as macOS, or may not.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    processors = list(os.sched_getaffinity(0))
    random.shuffle(processors)  # others on this machine may do the same
    claimed = (processor for share in range(SHARES) for processor in processors if claim_processor(processor, share))
    with suppress(StopIteration, PermissionError):
        os.sched_setaffinity(0, {next(claimed)})


def claim_processor(processor: int, share: int) -> bool:
    """Whether nobody else of the same parent has this; then it is this process's until it ends."""
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0campaign {os.getppid()} {processor} {share}")  # a name in memory, not in any folder
    except OSError:
        mark.close()
        return False
    claims.append(mark)
    return True
