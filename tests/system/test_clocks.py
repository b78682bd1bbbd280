"""Machines whose clocks are wrong: the database's clock decides, so nothing is lost and nothing stands still."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from standalone import run
from standalone.supervision.process import Process
from tests.live.lacking import lacking
from tests.live.site import LiveSite
from tests.system.people import PETITION, press, sign

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
DAYS = 24 * 60 * 60


@pytest.fixture(scope="module")
def clock_shift(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the library that makes a process believe in another time of day."""
    compiler = shutil.which("cc")
    if compiler is None:
        lacking("a C compiler")
    library = tmp_path_factory.mktemp("clock") / "clock_shift.so"
    source = Path(__file__).with_name("clock_shift.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def shift(site: LiveSite, clock_shift: Path) -> Iterator[Callable[[str, int], None]]:
    """Start a process of the site anew, with its clock so many days ahead or behind."""
    right = dict(site.processes)

    def restart(name: str, days: int) -> None:
        process = site.processes[name]
        wrong = {"LD_PRELOAD": str(clock_shift), "CLOCK_SHIFT": str(days * DAYS)}
        process.stop()
        shifted = Process(name, process.command, {**process.environment, **wrong}, process.log, grace=process.grace)
        site.processes[name] = shifted
        shifted.start()

    yield restart
    for name, process in site.processes.items():
        if process is not right[name]:
            process.stop()
    site.processes.update(right)


def count(site: LiveSite) -> int:
    return int(site.http.get(f"{PETITION}count.json").json()["count"])


@pytest.mark.parametrize(
    ("name", "days"), [("worker", 8), ("worker", -8), ("beat", 8), ("relay", 8), ("relay", -8), ("web", 8)]
)
def test_who_signs_gets_the_mail_and_is_counted_although_a_clock_is_wrong(
    site: LiveSite, shift: Callable[[str, int], None], name: str, days: int
) -> None:
    shift(name, days)
    assert site.wait_until(lambda: run.answers(site.port), seconds=60)
    address = f"clock@{name}.{'ahead' if days > 0 else 'behind'}.example.org"
    before = count(site)
    assert sign(site, address).status_code == 302
    press(site, site.link(site.mails(address)[0], "/petitions/confirm/"))
    assert site.wait_until(lambda: count(site) == before + 1, seconds=60), site.last_lines()
