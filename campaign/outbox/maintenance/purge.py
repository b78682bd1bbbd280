"""Forget what items that were given up hold: after a few days the address, and later the row with the reason as well.

Work that holds no address, such as a letter's delivery to an office, stays until staff decide.
"""

from datetime import timedelta

from django.db.models import JSONField, Value
from django.db.models.expressions import CombinedExpression, F

from campaign.outbox.models import Item

SECRET_KEPT = timedelta(days=7)
MAIL_KEPT = timedelta(days=30)


def forget_secrets() -> int:
    """Erase old secrets; return how many. Their items cannot be tried again (campaign/outbox/queue.py)."""
    old = Item.objects.given_up().last_due(SECRET_KEPT).filter(sealed_secret__isnull=False)
    mark = CombinedExpression(F("payload"), "||", Value({"is_forgotten": True}, JSONField()), JSONField())
    return old.update(sealed_secret=None, payload=mark)


def delete_forgotten() -> int:
    forgotten = Item.objects.given_up().last_due(MAIL_KEPT).filter(payload__has_key="is_forgotten")
    return forgotten.delete()[0]
