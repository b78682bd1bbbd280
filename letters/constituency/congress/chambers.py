"""The two chambers of Congress as lists of recipients."""

from typing import Any

from letters.models import FinderName, RecipientList
from letters.models.recipients.recipient_lists import US_SENATE

SENATE = {
    "name": "United States Senate",
    "country": "US",
    "form_of_address": "Senator {last_name}",
    "name_on_envelope": "The Honorable {name}",
    "finder": FinderName.US_STATE,
    "office_code": "S{area}0{seat}",
    "fewest_members": 90,
    "members_per_area": 2,
    "source": "unitedstates/congress-legislators (CC0)",
}
US_HOUSE = "us-house"
HOUSE = {
    "name": "United States House of Representatives",
    "country": "US",
    "form_of_address": "Representative {last_name}",
    "name_on_envelope": "The Honorable {name}",
    "finder": FinderName.US_DISTRICT,
    "office_code": "H{area}",
    "fewest_members": 400,
    "source": "unitedstates/congress-legislators (CC0)",
}
CHAMBERS: dict[str, dict[str, Any]] = {US_SENATE: SENATE, US_HOUSE: HOUSE}


def chamber(slug: str) -> RecipientList:
    """Return the list of a chamber, made if it is not there."""
    return RecipientList.objects.get_or_create(slug=slug, defaults=CHAMBERS[slug])[0]
