"""granian, made to go on serving while one of its processes dies again and again.

    python -m campaign.serve --interface wsgi --workers 2 --respawn-failed-workers campaign.wsgi:application

By itself granian ends when a process dies within five and a half seconds of its start, and takes along those that
serve. Here it ends only when every process keeps dying like that, as when settings are wrong, so that whoever started
it is told. All options are granian's own.

Its processes share the numbers of /metrics by files in memory, in a folder that goes with the server.
"""

import logging
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from granian import cli
from granian.server import MPServer

logger = logging.getLogger("_granian")

STEADY_SECONDS = 30.0  # of life, after which an end is no sign of a fault at the start
TRIES = 3  # quick ends of every process, one after another
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of one's own is made in it
PAUSE_SECONDS = 1.0  # before a process that has ended quickly is started again


class Server(MPServer):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quick_ends = [0] * self.workers

    def _respawn_workers(self, workers: list[int], *args: Any, **kwargs: Any) -> None:
        """Start these again, or end if none would stay; granian's own rule goes by `respawned_wrks`.

        With a `delay` they are replaced on purpose, and have not died.
        """
        for index in [] if kwargs.get("delay") else workers:
            is_quick = time.monotonic() - self.wrks[index].birth < STEADY_SECONDS
            self.quick_ends[index] = self.quick_ends[index] + 1 if is_quick else 0
        if min(self.quick_ends) >= TRIES:
            logger.error("No process stays up, exiting")
            self.interrupt_children, self.interrupt_signal = list(workers), True
            self.main_loop_interrupt.set()
            return
        if any(self.quick_ends[index] for index in workers):
            time.sleep(PAUSE_SECONDS)
        super()._respawn_workers(workers, *args, **kwargs)
        self.respawned_wrks.clear()


def main() -> None:
    vars(cli)["Server"] = Server
    in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None  # a full disk must not end what only counts
    with tempfile.TemporaryDirectory(prefix="campaign-metrics-", dir=in_memory) as folder:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        cli.cli(auto_envvar_prefix="GRANIAN")


if __name__ == "__main__":
    main()
