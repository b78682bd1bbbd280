"""The models of the letters app, from the ask to each attempt at handing a letter over."""

from letters.models.campaigns import LetterCampaign
from letters.models.channels import ChannelStatus
from letters.models.deliveries import Attempt, Delivery, Outcome, Phase, SandboxMessage
from letters.models.letters import Constituent, Letter
from letters.models.print_runs import PrintRun
from letters.models.recipients.offices import ChannelName, ImportFormat, Office, OfficeImport
from letters.models.recipients.positions import THANKED, Position, Stance
from letters.models.recipients.postal_areas import PostalArea
from letters.models.recipients.recipient_lists import FinderName, RecipientList
from letters.models.tallies import LetterTally
from letters.models.texts import ConsentWording, LetterCampaignText

__all__ = [
    "THANKED",
    "Attempt",
    "ChannelName",
    "ChannelStatus",
    "ConsentWording",
    "Constituent",
    "Delivery",
    "FinderName",
    "ImportFormat",
    "Letter",
    "LetterCampaign",
    "LetterCampaignText",
    "LetterTally",
    "Office",
    "OfficeImport",
    "Outcome",
    "Phase",
    "Position",
    "PostalArea",
    "PrintRun",
    "RecipientList",
    "SandboxMessage",
    "Stance",
]
