"""The finders, by the names that lists have for them.

for recipients in campaign.recipient_lists:
    outcome = find(recipients, given)
"""

from letters.constituency.by_choice import ByChoice
from letters.constituency.by_country import ByCountry
from letters.constituency.by_postal_code import ByPostalCode
from letters.constituency.congress.by_district import ByDistrict
from letters.constituency.congress.by_state import ByState
from letters.constituency.everybody import Everybody
from letters.constituency.outcomes import Finder, Given, Outcome
from letters.models import FinderName, LetterCampaign, RecipientList

FINDERS: dict[str, Finder] = {
    FinderName.US_STATE: ByState(),
    FinderName.US_DISTRICT: ByDistrict(),
    FinderName.EVERYBODY: Everybody(),
    FinderName.COUNTRY: ByCountry(),
    FinderName.POSTAL_CODE: ByPostalCode(),
    FinderName.CHOICE: ByChoice(),
}


def fields_asked(campaign: LetterCampaign) -> set[str]:
    """Return the fields of the first step that the campaign's lists need, beside name and email."""
    return {name for recipients in campaign.recipient_lists for name in FINDERS[recipients.finder].asks}


def find(recipients: RecipientList, given: Given) -> Outcome:
    return FINDERS[recipients.finder].find(recipients, given)
