"""Each part of the site says now and then that it is at work."""

import re
from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.db import connection
from django.db.models.functions import Now

from campaign.outbox import heartbeats, monitoring
from campaign.outbox.heartbeats import Beats, SitePart, record_heartbeat
from campaign.outbox.models import Heartbeat
from petitions import tasks
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_a_process_that_has_just_started(monkeypatch):
    monkeypatch.setattr(Beats, "last", {})


def seen() -> dict[str, bool]:
    return {part: moment is not None for part, moment in monitoring.last_seen().items()}


def test_nobody_has_been_seen_before_anything_was_at_work():
    assert not any(seen().values())
    assert set(monitoring.silent_parts()) == {SitePart.RELAY, SitePart.SCHEDULER, SitePart.WORKER}


def test_a_part_writes_once_in_ten_seconds(django_assert_num_queries):
    record_heartbeat(SitePart.RELAY)
    Heartbeat.objects.update(seen_at=Now() - timedelta(minutes=2))
    with django_assert_num_queries(0):
        record_heartbeat(SitePart.RELAY)
    assert SitePart.RELAY in monitoring.silent_parts()
    Beats.last[SitePart.RELAY] -= heartbeats.HEARTBEAT_SECONDS
    record_heartbeat(SitePart.RELAY)
    assert SitePart.RELAY not in monitoring.silent_parts()


def test_a_mail_that_was_taken_shows_that_the_mail_server_is_there(client, outbox_drained):
    make_petition()
    client.post("/petitions/stop/", {"name": "Ana", "email": "ana@example.org", "country": "DE"})
    outbox_drained()
    assert len(sent_mail.outbox) == 1
    assert seen()[SitePart.MAIL_SERVER]


def test_a_worker_that_begins_a_task_is_at_work():
    tasks.count()
    assert seen()[SitePart.WORKER]


@pytest.mark.django_db(transaction=True)
def test_work_goes_on_where_it_cannot_be_recorded():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outbox_heartbeat RENAME TO gone")
    try:
        record_heartbeat(SitePart.WORKER)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO outbox_heartbeat")
    assert not any(seen().values())


def test_monitoring_is_told_how_long_ago_that_was(client):
    record_heartbeat(SitePart.RELAY)
    Heartbeat.objects.update(seen_at=Now() - timedelta(hours=1))
    told = re.search(r'last_seen_seconds{part="relay"} (\d+)\.0\n', client.get("/metrics").content.decode())
    assert told
    assert 3600 <= int(told[1]) < 3720
