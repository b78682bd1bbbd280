"""`make test`: pytest with servers of its own, which are gone afterwards."""

import sys
from collections.abc import Sequence

from standalone import paths, site
from standalone.servers import services
from standalone.supervision.interruption import Interrupted, Interruption, end_with_make
from standalone.supervision.process import Process
from standalone.supervision.supervisor import Supervisor


def test(arguments: Sequence[str]) -> int:
    """The exit code of pytest."""
    interruption = Interruption()
    end_with_make()
    settings = site.given()
    with paths.throw_away_home() as home, Supervisor(interruption) as supervisor:
        environment = settings | services.start(supervisor, home, settings)
        pytest = Process("pytest", [sys.executable, "-m", "pytest", *arguments], environment)
        try:
            pytest.start()
            while pytest.is_running():
                interruption.pause()
        except Interrupted:
            pytest.stop()
    return pytest.exit_code() or 0
