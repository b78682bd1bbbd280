"""A backup by the site's own commands is a site again, in an empty database, and only with its key."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from campaign.backups import manifest
from campaign.secrecy.keypairs import new_keypair, with_check
from campaign.secrecy.periods.keys import ID_BYTES, Purpose
from standalone import site as processes
from standalone.ports import unused_port
from standalone.supervision.process import wait_until
from tests.live.site import LiveSite, create_database, drop_database

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

PAIR, OTHER = new_keypair(), new_keypair()
ADDRESS = "ana-of-the-backup@example.org"


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """The files of the right private key and of another."""
    right, wrong = tmp_path / "right.key", tmp_path / "wrong.key"
    right.write_text(PAIR.private)
    wrong.write_text(OTHER.private)
    return right, wrong


@pytest.fixture
def empty_site(site: LiveSite, tmp_path: Path) -> Iterator[LiveSite]:
    """Another machine: the same settings but for a database without tables, in two roles, and folders without files."""
    server_url = os.environ["DATABASE_URL"]
    urls = create_database(server_url, template="template1")
    folders = {name: str(tmp_path / "new" / name) for name in ("MEDIA_FOLDER", "KEY_FOLDER", "JOURNAL_FOLDER")}
    settings = {**site.settings, **urls, **folders}
    other = LiveSite(port=unused_port(), settings=settings, log=tmp_path, smtp_sink=site.smtp_sink)
    yield other
    other.http.close()
    drop_database(server_url, urls)


def refused(site: LiveSite, log: Path, *arguments: str) -> str:
    process = processes.manage_process(site.settings, log / "refused", *arguments)
    (log / "refused").mkdir(exist_ok=True)
    process.start()
    assert wait_until(lambda: not process.is_running(), seconds=120)
    assert process.exit_code() == 1
    return process.last_lines(30)


def test_a_backup_is_a_site_again(
    site: LiveSite, empty_site: LiveSite, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    right, wrong = keys
    backups, media = tmp_path / "backups", tmp_path / "media"
    (media / "pictures").mkdir(parents=True)
    (media / "pictures" / "a.txt").write_text("uploaded by staff")
    (slug,) = site.query("SELECT slug FROM petitions_petition WHERE visibility = 'published' ORDER BY id LIMIT 1")[0]
    site.http.post(f"/petitions/{slug}/", data={"name": "Ana", "email": ADDRESS, "country": "DE"})
    signatures = "SELECT count(*) FROM petitions_signature"
    source = LiveSite(
        port=unused_port(),
        settings={**site.settings, "MEDIA_FOLDER": str(media), "BACKUP_KEY": with_check(PAIR.public)},
        log=tmp_path,
        smtp_sink=site.smtp_sink,
    )
    (backups / "campaign-20200101T000000Z").mkdir(parents=True)
    (backups / "of-somebody-else").mkdir()
    said = source.manage("backup", str(backups), "--keep-days", "30")
    source.http.close()
    (made,) = backups.glob("campaign-2*")
    assert str(made) in said
    assert (backups / "of-somebody-else").is_dir()
    assert site.query("SELECT seen_at > now() - interval '5 minutes' FROM outbox_heartbeat WHERE part = 'backup'") == [
        (True,)
    ]
    assert not [path for path in made.iterdir() if b"uploaded by staff" in path.read_bytes()]
    assert {path.stat().st_mode & 0o077 for path in (made, *made.iterdir())} == {0}

    assert "encrypted to another key" in refused(empty_site, tmp_path, "restore", str(made), "--key", str(wrong))
    dump = made / manifest.DATABASE
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "not what was written" in refused(empty_site, tmp_path, "restore", str(made), "--key", str(right))
    dump.write_bytes(whole)
    assert empty_site.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]

    stranger = LiveSite(
        port=unused_port(),
        settings={name: value for name, value in empty_site.settings.items() if name != "OWNER_DATABASE_URL"},
        log=tmp_path,
        smtp_sink=site.smtp_sink,
    )
    assert "does not own the database" in refused(stranger, tmp_path, "restore", str(made), "--key", str(right))
    stranger.http.close()

    restored = empty_site.manage("restore", str(made), "--key", str(right))
    assert "Every count equals the rows." in restored
    assert "Every entry fits." in restored
    counted = manifest.Manifest.read(made).rows["petitions_signature"]
    assert empty_site.query(signatures) == [(counted,)]
    assert counted > 0
    assert (tmp_path / "new" / "MEDIA_FOLDER" / "pictures" / "a.txt").read_text() == "uploaded by staff"
    assert empty_site.query("SELECT is_held FROM journal_position") == [(True,)]
    here = {path.stem for path in (tmp_path / "new" / "KEY_FOLDER").glob("*.key")}
    new = empty_site.query("SELECT public_key FROM secrecy_period WHERE closed_at IS NULL")
    assert {bytes(public)[:ID_BYTES].hex() for (public,) in new} == here  # the old ones stayed on the lost machine
    assert len(new) == len(Purpose)
    with psycopg.connect(empty_site.settings["DATABASE_URL"], autocommit=True) as application:
        assert application.execute(signatures.encode()).fetchone() == (counted,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM audit_entry")
    assert "there are pictures" in refused(empty_site, tmp_path, "restore", str(made), "--key", str(right))


def test_the_password_of_the_database_is_in_no_list_of_processes(site: LiveSite, tmp_path: Path) -> None:
    """The programs get it through their environment, which their own account alone can read."""
    ask = "from campaign.backups import dump; print('REACHED', dump.connected_to())"
    said = site.manage("shell", "-c", ask)
    password = urlsplit(site.settings["DATABASE_URL"]).password
    where, _, secret = said.partition("REACHED")[2].partition(", {")
    assert password
    assert password not in where
    assert password in secret
