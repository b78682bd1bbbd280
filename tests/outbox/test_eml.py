"""Mail as files in a folder (campaign/mail/eml_backend.py), also where the folder takes none."""

import errno
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from campaign.mail import mailers
from campaign.mail.eml_backend import EmailBackend, NotWritten
from campaign.outbox import execution, handlers, monitoring
from campaign.outbox.models import Item
from tests.live.full_disk import full_disk
from tests.outbox.factories import KIND, claim_all, make_item


def message(text: str = "Text") -> EmailMessage:
    return EmailMessage("Subject", text, "from@example.org", ["to@example.org"])


def test_a_mail_that_is_not_whole_is_not_among_those_that_are_read_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *paths: (_ for _ in ()).throw(OSError(errno.EIO, "the disk fails")))
    with pytest.raises(NotWritten, match="fails"):
        EmailBackend(tmp_path).send_messages([message()])
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full_folder(tmp_path: Path) -> Iterator[Path]:
    """On a disk of its own that has no room left."""
    with full_disk(tmp_path / "disk") as place:
        yield place


@contextmanager
def no_large_files() -> Iterator[None]:
    """As a disk that is full, where nobody may mount one. Not for longer: the tests' own output may be a large file."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.fixture
def not_a_folder(tmp_path: Path) -> Path:
    place = tmp_path / "file"
    place.write_text("")
    return place


def mails_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if ".eml" in path.name]


@pytest.fixture
def mail_folder(settings, obedient_handler, monkeypatch):
    def use(folder: Path) -> None:
        settings.OUTBOX_HANDLERS = {KIND: "tests.outbox.test_mail.Capped"}
        settings.MAILERS = {"default": mailers.mailer_from_url(f"file://{folder}", Path("/"))}
        handlers.handler_for.cache_clear()

    return use


def waits_unspent_for() -> str:
    """The reason for which the only item waits, with no attempt spent."""
    assert list(Item.objects.values_list("state", "attempts")) == [("waiting", 0)]
    first = monitoring.first_of_shortage()
    assert first
    return first.reason


@pytest.mark.django_db
def test_a_full_disk_costs_no_attempt_and_staff_are_told(mail_folder, full_folder):
    mail_folder(full_folder)
    make_item()
    execution.execute(KIND, claim_all())
    assert mails_in(full_folder) == []
    assert waits_unspent_for() == "trouble of this server: this server's disk is full"


@pytest.mark.django_db
def test_a_file_that_may_not_grow_costs_no_attempt_and_staff_are_told(mail_folder, tmp_path):
    mail_folder(tmp_path)
    make_item()
    with no_large_files():
        execution.execute(KIND, claim_all())
    assert mails_in(tmp_path) == []
    assert waits_unspent_for() == "trouble of this server: this server may not write a file as large as that"


@pytest.mark.django_db
def test_once_there_is_room_the_mail_goes_out(mail_folder, full_folder):
    mail_folder(full_folder)
    make_item()
    execution.execute(KIND, claim_all())
    assert mails_in(full_folder) == []
    (full_folder / "filler").unlink()
    Item.objects.update(due_at="2020-01-01T00:00Z")
    execution.execute(KIND, claim_all())
    assert len(mails_in(full_folder)) == 1
    assert not Item.objects.exists()


def test_a_folder_that_is_none_says_so(not_a_folder):
    with pytest.raises(NotWritten):
        EmailBackend(not_a_folder / "mail").send_messages([message()])
