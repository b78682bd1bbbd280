"""Select letter campaigns for visitors."""

from django.http import Http404

from campaign.appeals.models import Visibility
from campaign.web.errors import Gone
from letters.models import LetterCampaign


def get_campaign(slug: str) -> LetterCampaign:
    """Return the campaign for display. Raises Http404 if nobody may see it, Gone if it was removed."""
    campaign = LetterCampaign.objects.has_been_public().for_display().with_slug(slug).first()
    if campaign is None:
        raise Http404
    if campaign.visibility == Visibility.REMOVED:
        raise Gone
    return campaign
