"""The outbox's part of the staff's site."""

from campaign.outbox.admin.items import ItemAdmin
from campaign.outbox.admin.suppressions import SuppressionAdmin

__all__ = ["ItemAdmin", "SuppressionAdmin"]
