"""What sending letters means for the constituent's data, in the words next to the button; each wording is kept."""

from django.utils.translation import get_language, gettext

from campaign.supporters.models import Consent
from campaign.web.languages import readable_languages
from letters.models import LetterCampaign

PURPOSE = "letter"


def wording() -> str:
    """Return the wording in the active language."""
    return gettext(
        "By sending, you ask us to pass your letters, with your name, postal address and email address, to the offices "
        "named above, which may reply to you. We keep the letters and these details here, encrypted, "
        "until 28 days after the campaign ends. Nothing about you is shown in public, and nobody else receives your "
        "letters or your details."
    )


def wording_for(campaign: LetterCampaign, country: str) -> str:
    """Return the wording for whoever writes from a country, which may want more to be said; in the active language.

    A country's own words stand in English, or in whatever language there is, where nobody has translated them.
    """
    known = {one.language: one.text for one in campaign.consents.all() if one.country == country}
    wanted = [*readable_languages(get_language() or "en"), "en", *known]
    more = next((known[language] for language in wanted if language in known), "")
    return "\n\n".join(filter(None, [wording(), more]))


def current_wording(campaign: LetterCampaign | None = None, country: str = "") -> Consent:
    """Return the wording that is shown now, as a row for constituents to refer to."""
    text = wording_for(campaign, country) if campaign else wording()
    return Consent.objects.get_or_create(purpose=PURPOSE, language=get_language() or "en", wording=text)[0]
