"""Keys of periods: what waits can be read, and what is done cannot once its period's key is gone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from campaign.outbox import claims, execution, queue
from campaign.outbox.models import KEY_GONE, KEYS_AWAY, Item, State
from campaign.secrecy import encryption
from campaign.secrecy.models import Period
from campaign.secrecy.periods import boxes, keys, rotation
from campaign.secrecy.periods.keys import FolderAway, KeyGone, Purpose

pytestmark = pytest.mark.django_db
KIND = "petitions.leaving"
ANA = {"address": "ana@example.org"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder of keys of its own, and nothing remembered of another."""
    settings.KEY_FOLDER = tmp_path / "keys"
    Period.objects.all().delete()
    boxes.sealers.clear()
    boxes.agreements.clear()
    yield settings.KEY_FOLDER
    boxes.sealers.clear()
    boxes.agreements.clear()


def put(**secret: str) -> Item:
    item = queue.put(KIND, payload={}, secret=secret or ANA)
    return Item.objects.get(pk=item.pk)


def pass_time(span: timedelta) -> None:
    """Let the periods have begun, ended and been looked at so much earlier."""
    earlier = {name: F(name) - span for name in ("opened_at", "closed_at", "emptied_at")}
    Period.objects.update(**earlier)
    boxes.sealers.clear()


def key_id(item: Item) -> bytes:
    return boxes.key_id_of(bytes(item.sealed_secret or b""))


def days_work() -> None:
    """The ticks of a day, as they come."""
    for span in (timedelta(days=1), timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=5)):
        pass_time(span)
        rotation.tend()


def test_what_is_sealed_can_be_opened():
    assert encryption.decrypt_bytes(boxes.seal(b"words", Purpose.SHORT)) == b"words"
    assert put(address="ána@example.org").secret == {"address": "ána@example.org"}


def test_two_boxes_of_the_same_differ_and_tell_nothing_of_the_time():
    one, other = boxes.seal(b"words", Purpose.SHORT), boxes.seal(b"words", Purpose.SHORT)
    assert one != other
    assert len(one) == len(other)


def test_what_is_damaged_or_under_another_key_is_refused():
    box = bytearray(boxes.seal(b"words", Purpose.SHORT))
    box[-1] ^= 1
    with pytest.raises(InvalidToken):
        encryption.decrypt_bytes(bytes(box))


def test_a_period_of_a_day_is_followed_by_another():
    first = put()
    days_work()
    second = put()
    assert key_id(first) != key_id(second)
    assert Period.objects.current(Purpose.SHORT).count() == 1


def test_a_period_that_goes_on_stays():
    put()
    pass_time(timedelta(hours=23))
    rotation.tend()
    assert Period.objects.filter(purpose=Purpose.SHORT).count() == 1


def test_what_still_waits_is_sealed_anew_and_what_is_done_opens_never_again():
    done, waits = put(), put(address="bo@example.org")
    kept = bytes(done.sealed_secret or b"")
    assert (
        encryption.decrypt_json(kept) == ANA
    )  # the control: as long as its period lasts, whoever has the key reads it
    done.delete()
    days_work()
    assert not keys.is_there(key_id(waits))
    with pytest.raises(KeyGone):
        encryption.decrypt_json(kept)
    assert Item.objects.get(pk=waits.pk).secret == {"address": "bo@example.org"}


def test_a_key_is_not_destroyed_while_anything_is_under_it():
    """Such as a row that somebody has locked, or a late one of a process that was frozen."""
    first = put()
    days_work()
    late = Item.objects.get(pk=first.pk)
    pass_time(timedelta(days=1))
    rotation.tend()
    pass_time(timedelta(minutes=5))
    rotation.tend()  # finds nothing
    Item.objects.filter(pk=late.pk).update(sealed_secret=late.sealed_secret)
    pass_time(timedelta(minutes=5))
    rotation.tend()
    assert Item.objects.get(pk=late.pk).secret == ANA
    assert key_id(Item.objects.get(pk=late.pk)) != key_id(late)


def test_more_than_a_batch_is_sealed_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    for number in range(8):
        put(address=f"{number}@example.org")
    days_work()
    assert len({key_id(item) for item in Item.objects.all()}) == 1
    assert sorted(item.secret["address"][0] for item in Item.objects.all()) == list("01234567")


def test_letters_of_a_backup_a_week_old_can_be_opened():
    box = boxes.seal(b"Dear Senator", Purpose.LONG)
    pass_time(timedelta(days=7))
    rotation.tend()
    pass_time(timedelta(days=6))
    rotation.tend()
    assert boxes.open_box(box) == b"Dear Senator"
    for _tick in range(3):
        pass_time(timedelta(days=1))
        rotation.tend()
    with pytest.raises(KeyGone):
        boxes.open_box(box)


def test_a_process_that_has_opened_a_box_does_not_open_it_once_the_key_is_gone():
    box = boxes.seal(b"words", Purpose.SHORT)
    boxes.open_box(box)
    keys.destroy(boxes.key_id_of(box))
    put()  # the folder is there
    boxes.sealers.clear()
    Period.objects.all().delete()
    put()
    with pytest.raises(KeyGone):
        boxes.open_box(box)


def work(item: Item) -> Item:
    pairs = [(pk, token) for pk, token, _ in claims.claim(KIND, limit=10, lease=timedelta(minutes=1))]
    execution.execute(KIND, pairs)
    return Item.objects.get(pk=item.pk)


def test_work_whose_key_is_gone_is_given_up_with_the_reason():
    item = put()
    keys.destroy(key_id(item))
    Period.objects.all().delete()
    boxes.sealers.clear()
    boxes.seal(b"", Purpose.SHORT)  # another key is there: the folder is, and this one is gone
    given_up = work(item)
    assert (given_up.state, given_up.reason) == (State.DEAD, KEY_GONE)


def test_work_waits_for_a_key_that_another_machine_has_and_no_more_is_sealed_to_it():
    """As when `migrate` ran on a machine with a folder of its own."""
    item = put()
    elsewhere = keys.path_of(key_id(item)).rename(keys.key_folder() / "elsewhere")
    rotation.tend()
    boxes.sealers.clear()
    other = put(address="bo@example.org")
    assert key_id(other) != key_id(item)
    waits = work(item)
    assert (waits.state, waits.attempts) == (State.WAITING, 0)
    assert waits.reason.startswith(KEYS_AWAY)
    elsewhere.rename(keys.path_of(key_id(item)))
    assert Item.objects.get(pk=item.pk).secret == ANA


def test_nobody_waits_for_ever_for_a_key():
    item = put()
    keys.path_of(key_id(item)).unlink()
    rotation.tend()
    pass_time(timedelta(hours=7))
    put(address="bo@example.org")
    assert work(item).state == State.DEAD


def test_work_waits_while_the_folder_is_away(own_folder: Path):
    item = put()
    own_folder.rename(own_folder.with_name("elsewhere"))
    with pytest.raises(FolderAway):
        boxes.open_box(bytes(item.sealed_secret or b""))
    waits = work(item)
    assert (waits.state, waits.attempts) == (State.WAITING, 0)
    assert waits.reason.startswith(KEYS_AWAY)


def test_what_lasts_tells_no_time_and_older_boxes_are_read(settings: Any):
    older = Fernet(settings.FIELD_KEYS[0]).encrypt(b"words")
    assert encryption.decrypt_bytes(older) == b"words"
    box = encryption.encrypt_bytes(b"words")
    assert encryption.decrypt_bytes(box) == b"words"
    assert len(box) == len(encryption.TIMELESS) + 24 + 16 + len(b"words")


def test_the_newest_key_encrypts_and_older_ones_still_decrypt(settings: Any):
    box = encryption.encrypt_bytes(b"words")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert encryption.decrypt_bytes(box) == b"words"
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    with pytest.raises(InvalidToken):
        encryption.decrypt_bytes(box)


def test_a_key_is_overwritten_before_its_file_goes(own_folder: Path):
    box = boxes.seal(b"words", Purpose.SHORT)
    (path,) = own_folder.glob("*.key")
    secret = path.read_bytes()
    other = path.with_name("same-blocks")
    other.hardlink_to(path)
    keys.destroy(boxes.key_id_of(box))
    assert not path.exists()
    assert other.read_bytes() != secret


def test_keys_are_for_their_owner_alone(own_folder: Path):
    boxes.seal(b"words", Purpose.SHORT)
    (path,) = own_folder.glob("*.key")
    assert path.stat().st_mode & 0o077 == 0
    assert own_folder.stat().st_mode & 0o077 == 0


def test_every_column_of_boxes_is_sealed_anew():
    columns = [column for purpose in Purpose for column in rotation.sealed_columns(purpose)]
    found = {(model._meta.db_table, field.column) for model, field in columns}
    assert found == {
        ("outbox_item", "sealed_secret"),
        ("outbox_rehearsedmail", "words"),
        ("petitions_uploadpart", "content"),
        ("petitions_voice", "words"),
        ("supporters_importpart", "content"),
        ("letters_constituent", "private"),
        ("letters_letter", "content"),
        ("letters_attempt", "detail"),
        ("letters_delivery", "automatic_answer"),
        ("letters_sandboxmessage", "message"),
    }


@pytest.mark.django_db(transaction=True)
def test_a_key_that_stays_too_long_is_known():
    first = put()
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT FROM outbox_item FOR UPDATE")  # by a session that never ends, what is skipped
        days_work()
        pass_time(timedelta(hours=7))
        rotation.tend()
        late = [period for period in rotation.late() if period.purpose == Purpose.SHORT]
        assert [bytes(period.public_key)[:8] for period in late] == [key_id(first)]


def test_a_key_that_is_lost_counts_as_destroyed_once_nobody_waits_for_it():
    lost = key_id(put())
    keys.path_of(lost).unlink()
    days_work()
    assert Period.objects.filter(purpose=Purpose.SHORT, destroyed_at=None).count() == 2
    pass_time(timedelta(hours=13))
    rotation.tend()
    assert not any(bytes(period.public_key)[:8] == lost for period in Period.objects.filter(destroyed_at=None))
    assert [period for period in rotation.late() if period.purpose == Purpose.SHORT] == []


def test_the_database_refuses_two_open_periods():
    boxes.current_key(Purpose.SHORT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(purpose=Purpose.SHORT, public_key=keys.create())
