"""Make a backup, and restore one into an empty site."""

import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from campaign import media_storage
from campaign.backups import dump, manifest
from campaign.backups.encrypted_file import EncryptedReader, EncryptedWriter, Unreadable
from campaign.backups.manifest import Manifest, Part
from campaign.database import clock
from campaign.database.owner import as_owner
from campaign.database.replica import on_replica
from campaign.journal import recovery
from campaign.secrecy.keypairs import public_half
from campaign.secrecy.periods import keys, rotation
from campaign.secrecy.private_files import for_owner, sync_folder

BEGINNING, UNFINISHED = "campaign-", ".unfinished"
TIME = "%Y%m%dT%H%M%SZ"
RESTORED = "restored by `restore` from the backup of {made_at}: what happened since then is known only from the journal"

Tell = Callable[[str], Any]


class NotEmpty(Exception):
    """There is a site already where one was to be restored."""


class NotOwner(Exception):
    """The role that would restore cannot make tables for the site's own role."""


def back_up(folder: Path, public_key: str, *, tell: Tell) -> Path:
    """Make a backup in `folder`, and return its own folder, which has its name only once it is whole.

    The database, or its standby, is read once for the copy and once for counting. Raises OSError, ProgramFailed,
    ReplicaBehind.
    """
    made_at = clock.now()
    name = f"{BEGINNING}{made_at.strftime(TIME)}"
    unfinished = folder / f"{name}{UNFINISHED}"
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        with on_replica(), dump.snapshot() as snapshot:
            tell("counting rows")
            rows, migrations = dump.count_rows(), dump.newest_migrations()
            version = str(connection.connection.info.server_version)
            tell(f"copying {sum(rows.values()):,} rows of {len(rows)} tables")
            with encrypted(unfinished / manifest.DATABASE, public_key) as database:
                dump.write_dump(database, snapshot)
        tell("copying files")
        with encrypted(unfinished / manifest.MEDIA, public_key) as media:
            files = write_media(media)
        parts = {
            name: Part(one.size, one.digest.hexdigest())
            for name, one in ((manifest.DATABASE, database), (manifest.MEDIA, media))
        }
        Manifest(
            made_at=made_at.isoformat(timespec="seconds"),
            site=settings.SITE_URL,
            server_version=version,
            public_key=public_key,
            rows=rows,
            migrations=migrations,
            files=files,
            parts=parts,
            period_keys=sorted(path.stem for path in keys.key_folder().glob("*.key")),
        ).write(unfinished)
        unfinished.rename(folder / name)
        sync_folder(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return folder / name


def restore(folder: Path, private_key: str, *, tell: Tell) -> Manifest:
    """Restore a backup into an empty database and where no uploads are, and hold all mail until staff let it go.

    Nothing is changed unless every file is what was written and the key opens it. Raises NotEmpty, Unreadable,
    NotOwner, ProgramFailed, OSError.
    """
    said = Manifest.read(folder)
    if public_half(private_key) != said.public_key:
        raise Unreadable(f"it was encrypted to another key: {said.public_key}")
    tell("checking files")
    said.check_parts(folder)
    if any(media_storage.names()):
        raise NotEmpty("there are pictures or documents already (MEDIA_FOLDER or MEDIA_BUCKET)")
    with as_owner():
        if not dump.is_of_owner():
            raise NotOwner("this role does not own the database: OWNER_DATABASE_URL names the one that does")
        if not dump.is_empty():
            raise NotEmpty("the database has tables")
        tell(f"restoring {sum(said.rows.values()):,} rows of {len(said.rows)} tables")
        with decrypted(folder / manifest.DATABASE, private_key) as source:
            dump.read_dump(source)
        if differences := said.differences(dump.count_rows()):
            raise Unreadable("not everything is there: " + "; ".join(differences))
    tell(f"restoring {said.files:,} files")
    with decrypted(folder / manifest.MEDIA, private_key) as source:
        read_media(source, said.files)
    tell("bringing tables and rights up to date")
    call_command("migrate", verbosity=0)
    hold(said)
    rotation.open_due()  # nothing new is sealed with keys that stayed on the machine that was lost
    return said


def hold(said: Manifest) -> None:
    """Let nothing go out: what the journal knows is applied, and where there is none staff are told so."""
    recovery.look()
    if not recovery.is_halted():
        recovery.hold_everything({}, gap=RESTORED.format(made_at=said.made_at))


@contextmanager
def encrypted(path: Path, public_key: str) -> Iterator[EncryptedWriter]:
    with open(path, "xb", opener=for_owner) as file:
        with EncryptedWriter(file, public_key) as writer:
            yield writer
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def decrypted(path: Path, private_key: str) -> Iterator[EncryptedReader]:
    with path.open("rb") as file:
        yield EncryptedReader(file, private_key)


def write_media(target: EncryptedWriter) -> int:
    """Write what staff uploaded as a tar archive; return the number of files."""
    number = 0
    with tarfile.open(mode="w|", fileobj=target) as archive:
        for name in media_storage.names():
            with suppress(FileNotFoundError), default_storage.open(name) as file:  # else deleted by staff meanwhile
                member = tarfile.TarInfo(name)
                member.size = file.size
                archive.addfile(member, file)
                number += 1
    return number


def read_media(source: EncryptedReader, expected: int) -> None:
    """Unpack the files to where uploads are; none is left there if not all could be. Raises Unreadable."""
    written: list[str] = []
    try:
        with tarfile.open(mode="r|", fileobj=source) as archive:
            for member in archive:
                if not member.isfile():
                    raise Unreadable(f"{member.name} is no file")
                content = archive.extractfile(member) or io.BytesIO()
                written.append(default_storage.save(member.name, ContentFile(content.read())))
        if len(written) != expected:
            raise Unreadable(f"{len(written)} files instead of {expected}")
    except BaseException as error:
        for name in written:
            with suppress(OSError):
                default_storage.delete(name)
        if isinstance(error, tarfile.TarError | SuspiciousFileOperation):
            raise Unreadable(f"the files cannot be unpacked: {error}") from error
        raise


def delete_old(folder: Path, age: timedelta) -> list[str]:
    """Delete backups in `folder` that are older, whole or unfinished, by the time in their names; return those."""
    old = [path for path in sorted(folder.glob(f"{BEGINNING}*")) if path.is_dir() and is_older(path.name, age)]
    for path in old:
        shutil.rmtree(path)
    return [path.name for path in old]


def is_older(name: str, age: timedelta) -> bool:
    try:
        made_at = datetime.strptime(name.removeprefix(BEGINNING).removesuffix(UNFINISHED) + "+0000", f"{TIME}%z")
    except ValueError:
        return False
    return made_at < clock.now() - age
