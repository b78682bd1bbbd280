"""The admin of letter campaigns, deliveries, offices and channels."""

from letters.admin.campaigns import LetterCampaignAdmin
from letters.admin.channels import ChannelStatusAdmin
from letters.admin.deliveries import DeliveryAdmin
from letters.admin.office_imports import OfficeImportAdmin
from letters.admin.offices import OfficeAdmin
from letters.admin.print_runs import PrintRunAdmin
from letters.admin.recipient_lists import RecipientListAdmin

__all__ = [
    "ChannelStatusAdmin",
    "DeliveryAdmin",
    "LetterCampaignAdmin",
    "OfficeAdmin",
    "OfficeImportAdmin",
    "PrintRunAdmin",
    "RecipientListAdmin",
]
