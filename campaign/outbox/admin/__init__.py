"""The admin of the outbox."""

from campaign.outbox.admin.items import ItemAdmin
from campaign.outbox.admin.rehearsals import RehearsalAdmin, RehearsedMailAdmin
from campaign.outbox.admin.suppressions import SuppressionAdmin

__all__ = ["ItemAdmin", "RehearsalAdmin", "RehearsedMailAdmin", "SuppressionAdmin"]
