"""Select letter campaigns for visitors."""

from collections.abc import Collection

from django.http import Http404

from campaign.appeals.models import Visibility
from campaign.web import countries
from campaign.web.errors import Gone
from letters.models import FinderName, LetterCampaign, Office, RecipientList


def get_campaign(slug: str) -> LetterCampaign:
    """Return the campaign for display. Raises Http404 if nobody may see it, Gone if it was removed."""
    campaign = LetterCampaign.objects.has_been_public().for_display().with_slug(slug).first()
    if campaign is None:
        raise Http404
    if campaign.visibility == Visibility.REMOVED:
        raise Gone
    return campaign


def elsewhere(campaign: LetterCampaign) -> list[tuple[LetterCampaign, list[str]]]:
    """Return the open campaigns for people of other countries, each with the names of these.

    It takes the same few queries however many campaigns there are.
    """
    others = list(LetterCampaign.objects.open().exclude(pk=campaign.pk))
    codes = countries_of_lists({slug for one in (campaign, *others) for slug in one.list_slugs})
    here = {code for slug in campaign.list_slugs for code in codes.get(slug, ())}
    if not here:
        return []
    found = [(one, {code for slug in one.list_slugs for code in codes.get(slug, ())} - here) for one in others]
    return [(one, sorted(map(countries.name_of, there))) for one, there in found if there]


def countries_of_lists(slugs: Collection[str]) -> dict[str, set[str]]:
    """Return, by list, the codes of the countries in which its writers live; none if that does not matter."""
    lists = RecipientList.objects.filter(slug__in=slugs)
    codes = {one.slug: {one.country} - {""} for one in lists}
    by_country = [one.slug for one in lists if one.finder == FinderName.COUNTRY]
    rows = Office.objects.current().filter(recipient_list__slug__in=by_country)
    for slug, area in rows.order_by().values_list("recipient_list__slug", "area").distinct():
        codes[slug].add(area.partition("-")[0])
    return codes
