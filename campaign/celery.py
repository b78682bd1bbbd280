"""The Celery application: the executor of what stands in the outbox (docs/architecture.md)."""

import os

from celery import Celery
from kombu.transport.redis import QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")

app = Celery("campaign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What a worker had in hand stands in the outbox. Kombu 5.7 would put it back into a Redis that is no longer there,
# which ends the worker with an AttributeError (kombu.transport.redis.QoS.restore_unacked).
QoS.restore_at_shutdown = False
