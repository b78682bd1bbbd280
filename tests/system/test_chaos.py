"""The short form of `make chaos`: several faults at once in the whole site, and nothing lost, twice or untrue."""

import os
from pathlib import Path

import pytest

from standalone.site import THIS_PYTHON
from standalone.supervision.process import Process, wait_until

pytestmark = [pytest.mark.system, pytest.mark.timeout(1000)]

AT_ONCE = ("web-child-killed", "worker-child-killed", "backends-terminated", "redis-emptied", "mail-ends-after-dot")


def test_five_faults_at_once_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    options = ["--seed", "7", "--rate", "3", "--together", str(len(AT_ONCE)), "--faults", *AT_ONCE]
    run = Process("chaos", [THIS_PYTHON, "-m", "bench.chaos", *options], os.environ, tmp_path / "chaos.log", grace=60)
    run.start()
    try:
        assert wait_until(lambda: not run.is_running(), seconds=900), run.last_lines(50)
    finally:
        run.stop()
    assert run.exit_code() == 0, run.last_lines(50)
    assert "every invariant held: 5 faults" in run.last_lines(1)
