"""Let nights pass for the keys of periods, on a site that runs."""

from datetime import timedelta

from standalone import run
from tests.live.site import LiveSite

NIGHT = (timedelta(days=1), timedelta(minutes=11), timedelta(minutes=11))
# One process starts Django, which takes longer than all the rest, and a fresh child of it looks each time: what a
# process remembers of the keys is not passed on.
LOOKS = """
import os
import psycopg
from campaign import database
from campaign.secrecy.periods import rotation

for seconds in {seconds}:
    with psycopg.connect(database.for_libpq(os.environ["OWNER_DATABASE_URL"])) as connection:
        connection.execute(
            "UPDATE secrecy_period SET opened_at = opened_at - %(span)s * interval '1 second',"
            " closed_at = closed_at - %(span)s * interval '1 second',"
            " emptied_at = emptied_at - %(span)s * interval '1 second'",
            dict(span=seconds),
        )
    if not (child := os.fork()):
        rotation.tend()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0
"""


def let_nights_pass(site: LiveSite, number: int = 1) -> None:
    """Without the site's processes, which would seal with a key for a minute after its period has closed."""
    for process in site.processes.values():
        process.stop()
    seconds = [span.total_seconds() for span in NIGHT * number]
    site.manage("shell", "--command", LOOKS.replace("{seconds}", str(seconds)))
    for process in site.processes.values():
        process.start()
    assert site.wait_until(lambda: run.answers(site.port), seconds=60), site.last_lines()
