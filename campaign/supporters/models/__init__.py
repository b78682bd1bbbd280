from campaign.supporters.models.consent import Consent
from campaign.supporters.models.export import SubscriberExport
from campaign.supporters.models.imports import ImportPart, ImportRemark, ImportState, RowFault, SubscriberImport
from campaign.supporters.models.segment import Segment
from campaign.supporters.models.subscriber import Subscriber, SubscriberQuerySet, SubscriberState, SubscriptionEnding

__all__ = [
    "Consent",
    "ImportPart",
    "ImportRemark",
    "ImportState",
    "RowFault",
    "Segment",
    "Subscriber",
    "SubscriberExport",
    "SubscriberImport",
    "SubscriberQuerySet",
    "SubscriberState",
    "SubscriptionEnding",
]
