"""Select letter campaigns for visitors."""

from django.http import Http404

from campaign.appeals.models import Visibility
from campaign.web import countries
from campaign.web.errors import Gone
from letters.models import FinderName, LetterCampaign, Office


def get_campaign(slug: str) -> LetterCampaign:
    """Return the campaign for display. Raises Http404 if nobody may see it, Gone if it was removed."""
    campaign = LetterCampaign.objects.has_been_public().for_display().with_slug(slug).first()
    if campaign is None:
        raise Http404
    if campaign.visibility == Visibility.REMOVED:
        raise Gone
    return campaign


def elsewhere(campaign: LetterCampaign) -> list[tuple[LetterCampaign, list[str]]]:
    """Return the open campaigns for people of other countries, each with the names of these."""
    here = written_from(campaign)
    if not here:
        return []
    others = [(other, written_from(other) - here) for other in LetterCampaign.objects.open().exclude(pk=campaign.pk)]
    return [(other, sorted(map(countries.name_of, codes))) for other, codes in others if codes]


def written_from(campaign: LetterCampaign) -> set[str]:
    """Return the codes of the countries in which somebody must live to write; none if that does not matter."""
    codes = {recipients.country for recipients in campaign.recipient_lists} - {""}
    by_country = [one for one in campaign.recipient_lists if one.finder == FinderName.COUNTRY]
    areas = Office.objects.current().filter(recipient_list__in=by_country).values_list("area", flat=True).distinct()
    return codes | {area.partition("-")[0] for area in areas.order_by()}
