"""What machines ask (campaign/health.py)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaign.outbox import queue
from campaign.outbox.models import OUTAGE, Item

pytestmark = pytest.mark.django_db


def lateness(client: Client, kind: str) -> int:
    text = client.get("/metrics").content.decode()
    found = re.search(rf'outbox_late_seconds{{kind="{re.escape(kind)}",state="waiting"}} (\d+)', text)
    assert found, text
    return int(found[1])


def test_metrics_tell_how_late_work_is_and_not_how_long_it_waits_on_purpose(client: Client) -> None:
    now = timezone.now()
    queue.put("petitions.confirmation", payload={"signature": 1}, due_at=now - timedelta(hours=1))
    queue.put("petitions.confirmation", payload={"signature": 2}, due_at=now)
    queue.put("petitions.reminder", payload={"signature": 1}, due_at=now + timedelta(days=3))
    assert 3600 <= lateness(client, "petitions.confirmation") < 3700
    assert lateness(client, "petitions.reminder") == 0


def test_mail_that_waits_for_its_server_is_late_however_often_it_was_put_off(client: Client) -> None:
    item = queue.put("petitions.confirmation", payload={"signature": 1}, due_at=timezone.now() + timedelta(minutes=9))
    long_ago = timezone.now() - timedelta(hours=1)
    Item.objects.filter(pk=item.pk).update(created_at=long_ago, reason=f"{OUTAGE}: 535")
    assert 3600 <= lateness(client, "petitions.confirmation") < 3700


def test_metrics_are_not_told_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="1.2.3.4").status_code == 404


def test_readiness_names_what_is_away(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json()["database"] is True
    assert answer.status_code == 200
