"""`make restore-drill`: is a backup a site again? Tried on servers of its own, which are gone afterwards.

With a folder and the file of a private key it tries that backup; without, it fills a demo, makes a key and a backup of
it, and tries that one. Nothing is sent: mail of a restored site waits, and here it would only become files.
"""

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from standalone import dev_secrets, paths, run, site
from standalone.paths import TMP, Home, Trouble
from standalone.ports import unused_port
from standalone.servers import postgres, services
from standalone.supervision.interruption import Interrupted, Interruption, end_with_make
from standalone.supervision.process import Process
from standalone.supervision.supervisor import Supervisor, tell

USAGE = 'Name both or neither: make restore-drill ARGS="FOLDER-OF-THE-BACKUP FILE-OF-THE-PRIVATE-KEY"'


def drill(arguments: Sequence[str]) -> int:
    """Return 0 if the backup is a site again. Raises Trouble, saying why not."""
    if len(arguments) not in {0, 2}:
        raise Trouble(USAGE)
    interruption = Interruption()
    end_with_make()
    place = Path(tempfile.mkdtemp(prefix="campaign-drill-", dir=TMP))
    try:
        with paths.throw_away_home() as home, Supervisor(interruption) as supervisor:
            urls = services.start(supervisor, home, own_servers())
            backup, key = map(Path, arguments) if arguments else make_one(supervisor, home, place / "made", urls)
            try_out(supervisor, home, place / "restored", urls, backup, key)
    except Interrupted:
        tell("Stopped.")
        return 1
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


def own_servers() -> dict[str, str]:
    """Return what was given, without the servers of a site that may be in use."""
    return {name: value for name, value in site.given().items() if not name.endswith(("DATABASE_URL", "REDIS_URL"))}


def settings_in(place: Path, home: Home, urls: Mapping[str, str], database: str) -> dict[str, str]:
    """Return the settings of a demo that keeps everything in `place`; the database is made."""
    place.mkdir(parents=True)
    postgres.make_database(home, database)
    folders = {name: str(place / name.lower()) for name in ("MEDIA_FOLDER", "KEY_FOLDER", "JOURNAL_FOLDER")}
    own = {"DATABASE_URL": postgres.url(home, database), "EMAIL_URL": f"file://{place / 'mail'}"}
    return {**own_servers(), **dev_secrets.new_keys(), **site.demo_settings(unused_port()), **urls, **folders, **own}


def make_one(supervisor: Supervisor, home: Home, place: Path, urls: Mapping[str, str]) -> tuple[Path, Path]:
    """Fill a demo and make a backup of it; return the backup's folder and the file of its private key."""
    settings, key = settings_in(place, home, urls, "drill_made"), place / "private.key"
    tell("Filling a demo ...")
    manage(supervisor, settings, place, "migrate")
    manage(supervisor, settings, place, "seed_demo")
    public = manage(supervisor, settings, place, "create_keypair", str(key)).splitlines()[-1]
    tell("Making a backup of it ...")
    manage(supervisor, {**settings, "BACKUP_KEY": public}, place, "backup", str(place / "backups"))
    (backup,) = (place / "backups").iterdir()
    return backup, key


def try_out(supervisor: Supervisor, home: Home, place: Path, urls: Mapping[str, str], backup: Path, key: Path) -> None:
    settings = settings_in(place, home, urls, "drill_restored")
    began = time.monotonic()
    tell(f"Restoring {backup} ...")
    said = manage(supervisor, settings, place, "restore", str(backup), "--key", str(key))
    tell(said)
    took = time.monotonic() - began
    manage(supervisor, settings, place, "collectstatic", "--noinput")
    port = int(settings["SITE_URL"].rpartition(":")[2])
    supervisor.start(site.web(settings, place, port), lambda: run.answers(port))
    supervisor.wait_until_ready(seconds=120)
    if not run.is_ok(port, "/"):
        raise Trouble("The restored site does not show its first page.")
    tell(f"The backup is a site again: it answers, after {took:.0f} seconds of restoring. All of it is deleted now.")


def manage(supervisor: Supervisor, settings: Mapping[str, str], place: Path, *arguments: str) -> str:
    """Run a command of manage.py to its end; return what it said. Raises Trouble."""
    process: Process = site.manage_process(settings, place, *arguments)
    supervisor.run(process)
    return process.last_lines(1000)
