"""What a figure was measured on: without that it says nothing."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def described() -> str:
    now = datetime.now(UTC)
    cores = len(os.sched_getaffinity(0))
    return f"{now:%Y-%m-%d %H:%M} UTC, {cores} cores ({processor()}), Python {platform.python_version()}"


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load() -> str:
    """The load average of the last minute: what else ran is in it."""
    return f"{os.getloadavg()[0]:.1f}"
