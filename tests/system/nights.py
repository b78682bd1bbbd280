"""Let nights pass for the keys of periods, on a site that runs."""

from datetime import timedelta

from standalone import run
from tests.live.site import LiveSite

NIGHT = (timedelta(days=1), timedelta(minutes=11), timedelta(minutes=11))
REWIND = "UPDATE secrecy_period SET {} RETURNING id"
TEND = "from campaign.secrecy.periods import rotation; rotation.tend()"


def let_nights_pass(site: LiveSite, number: int = 1) -> None:
    """Without the site's processes, which would seal with a key for a minute after its period has closed."""
    for process in site.processes.values():
        process.stop()
    earlier = ", ".join(f"{name} = {name} - %s" for name in ("opened_at", "closed_at", "emptied_at"))
    for span in NIGHT * number:
        site.query(REWIND.format(earlier), span, span, span)
        site.manage("shell", "--command", TEND)
    for process in site.processes.values():
        process.start()
    assert site.wait_until(lambda: run.answers(site.port), seconds=60), site.last_lines()
