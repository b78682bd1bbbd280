"""Dead work keeps its reason for staff, but not for ever the address that it was for."""

from datetime import timedelta

from django.db.models import JSONField, Value
from django.db.models.expressions import CombinedExpression, F
from django.db.models.functions import Now

from campaign.outbox.models import Item

KEPT = timedelta(days=30)


def forget_secrets() -> int:
    """Erase the secrets of dead items after KEPT; such an item cannot be tried again (campaign/outbox/work.py)."""
    old = Item.objects.dead().filter(created_at__lt=Now() - KEPT, sealed_secret__isnull=False)
    mark = CombinedExpression(F("payload"), "||", Value({"is_forgotten": True}, JSONField()), JSONField())
    return old.update(sealed_secret=None, payload=mark)
