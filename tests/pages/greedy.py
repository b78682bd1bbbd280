"""Work on an uploaded file that takes too much of one thing or another, for tests/pages/test_upload_limits.py."""

import os
import signal
import threading
from pathlib import Path

from pages.uploads import isolation


def work(data: bytes, kind: str) -> isolation.Made:
    KINDS[kind]()
    copies = isolation.MOST_RESULT // len(data) + 1 if kind == "swell" else 1
    files = list(Path("/proc/self/fd").iterdir())
    return {"environment": sorted(os.environ), "files": len(files)}, {"copy": data * copies}


def do_nothing() -> None:
    pass


def spin() -> None:
    signal.alarm(0)  # which a busy machine could reach before the six seconds of a processor
    while True:
        pass


def hang() -> None:
    threading.Event().wait()


def hoard() -> None:
    bytearray(isolation.MOST_MEMORY)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    raise ZeroDivisionError


KINDS = {
    "modest": do_nothing,
    "swell": do_nothing,
    "spin": spin,
    "hang": hang,
    "hoard": hoard,
    "crash": crash,
    "fail": fail,
}

if __name__ == "__main__":
    isolation.serve(work)
