"""Read files that somebody uploaded in a process of its own, with limits on what that may take (docs/decisions/0045).

    facts, files = isolation.run("pages.uploads.pictures", data, name="a.jpg", advice="Save it smaller.")

starts that module with the file on its standard input; there, `isolation.serve(remake_picture)` limits the process,
calls `remake_picture(data, name="a.jpg")`, and sends back what it returns. The process has neither settings nor keys in
its environment and no connection of whoever started it. What it sends is JSON and bytes, which cannot act here. Work on
large files may take a number of `times` what other work may, and has `files` open instead of being sent them.
"""

import errno
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy
from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

CPU_SECONDS = 6
DEADLINE = 12  # seconds on the clock, with waiting for a processor that is busy
ALARM = 30  # seconds after which it ends by itself if whoever started it is gone
PATIENCE = 5  # seconds of waiting for another file to be finished
MOST_MEMORY = 1 << 30  # bytes of address space, with the program itself
MOST_RESULT = 64 * 1024 * 1024  # bytes
ROOT = Path(__file__).resolve().parents[2]
# Without it, the C library reserves 64 MB of address space for each thread of a decoder.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}
NO_ROOM = 75  # exit code: what was made could not be written
BUSY = for_staff_lazy("The server has too much to do just now to read this file. Try again in a minute.")
SLOW = for_staff_lazy(
    "Reading this file took more than {seconds} seconds. The server may have much to do: try again in a minute."
)
TOO_LONG = for_staff_lazy("Reading this file takes more than {seconds} seconds of a processor.")
TOO_MUCH_MEMORY = format_lazy(
    for_staff_lazy("Reading this file takes more than {number} GB of memory."), number=MOST_MEMORY >> 30
)
TOO_LARGE = format_lazy(for_staff_lazy("Made anew, this file has more than {number} MB."), number=MOST_RESULT >> 20)
FAILED = for_staff_lazy("The program that reads such files failed on this one.")

Made = tuple[Mapping[str, Any], Mapping[str, bytes]]  # facts that JSON can hold, and files by name

turn = BoundedSemaphore()  # one file at a time for each process of the web server


def run(
    module: str, data: bytes, *, advice: StrOrPromise, times: int = 1, files: Sequence[IO[bytes]] = (), **arguments: str
) -> Made:
    """Return what `module` makes of the file; `times` as `serve` has it there, `files` are open in the process too.

    Raises ValidationError if the module refuses it, or if it would take too much or breaks the module: then the message
    says which, followed by `advice`. Raises OSError if this machine's disk is full.
    """
    with in_turn(), tempfile.TemporaryFile() as result:
        code = exit_code(module, json.dumps(arguments).encode() + b"\n" + data, result, files, DEADLINE * times)
        if code == NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if code:
            logger.warning("%s ended with code %s", module, code)
            raise ValidationError(f"{cause(code, times)} {advice}")
        result.seek(0)
        answer = json.loads(result.readline())
        if too_much := answer.get("too_much"):
            raise ValidationError(f"{for_staff(too_much)} {advice}")
        if refused := answer.get("refused"):
            raise ValidationError([translated(message, params) for message, params in refused])
        return answer["facts"], {name: result.read(size) for name, size in answer["sizes"].items()}


def translated(message: str, params: Mapping[str, str]) -> ValidationError:
    """Return a reason in the reader's language, and advice in it too."""
    return ValidationError(for_staff(message), params={name: text and for_staff(text) for name, text in params.items()})


@contextmanager
def in_turn() -> Iterator[None]:
    if not turn.acquire(timeout=PATIENCE):
        raise ValidationError(BUSY)
    try:
        yield
    finally:
        turn.release()


def cause(code: int, times: int) -> StrOrPromise:
    """Return why a process ended with this code, in a sentence."""
    return {
        -signal.SIGALRM: format_lazy(SLOW, seconds=DEADLINE * times),
        -signal.SIGXCPU: format_lazy(TOO_LONG, seconds=CPU_SECONDS * times),
        -signal.SIGABRT: TOO_MUCH_MEMORY,  # as programs in Rust end when they get no more
        -signal.SIGKILL: TOO_MUCH_MEMORY,  # a machine that has none left kills as well
    }.get(code, FAILED)


def exit_code(module: str, given: bytes, result: IO[bytes], files: Sequence[IO[bytes]], deadline: float) -> int:
    """Return how the process ended, negative for a signal; as if by its alarm if its time is over."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", module],
            input=given,
            stdout=result,
            stderr=subprocess.DEVNULL,  # libraries complain there of each fault of a file
            cwd=ROOT,
            env=ENVIRONMENT,
            pass_fds=[file.fileno() for file in files],
            timeout=deadline,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -signal.SIGALRM
    return ended.returncode


def serve(work: Callable[..., Made], *, times: int = 1) -> None:
    """Do one piece of work for `run`, as the whole life of this process, which may take `times` what others may."""
    limit_resources(times)
    settings.configure(USE_I18N=False)  # what it says is translated where it is shown
    arguments = json.loads(sys.stdin.buffer.readline())
    answer, files = try_work(work, sys.stdin.buffer.read(), arguments)
    try:
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(files.values()))
        sys.stdout.buffer.flush()
    except OSError:
        os._exit(NO_ROOM)


def try_work(work: Callable[..., Made], data: bytes, arguments: Mapping[str, str]) -> tuple[dict, Mapping[str, bytes]]:
    try:
        facts, files = work(data, **arguments)
    except ValidationError as refused:
        return {"refused": [(str(each.message), in_words(each.params)) for each in refused.error_list]}, {}
    except MemoryError:
        return {"too_much": str(TOO_MUCH_MEMORY)}, {}
    except OSError as error:
        if error.errno == errno.ENOSPC:
            os._exit(NO_ROOM)
        raise
    sizes = {name: len(content) for name, content in files.items()}
    if sum(sizes.values()) > MOST_RESULT:
        return {"too_much": str(TOO_LARGE)}, {}
    return {"facts": facts, "sizes": sizes}, files


def in_words(params: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (params or {}).items()}


def limit_resources(times: int) -> None:
    """Limit this process for good; it ends by itself even if nobody waits for it any more."""
    signal.alarm(ALARM * times)
    lower(resource.RLIMIT_CPU, CPU_SECONDS * times, grace=1)
    lower(resource.RLIMIT_FSIZE, MOST_RESULT * times + (1 << 20))
    lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # elsewhere it is refused, or means nothing
        lower(resource.RLIMIT_AS, MOST_MEMORY)


def lower(kind: int, most: int, *, grace: int = 0) -> None:
    """Set a limit that nothing can raise again; one that is lower already stays."""
    _soft, hard = resource.getrlimit(kind)
    known = hard if hard != resource.RLIM_INFINITY else most + grace
    resource.setrlimit(kind, (min(most, known), min(most + grace, known)))
