"""Look up petitions for public pages.

One lookup serves all visitors for a moment, so what they see may be slightly out of date
(campaign/performance/local_cache.py).
"""

import re

from django.http import Http404

from campaign.appeals.models import Visibility
from campaign.performance.local_cache import kept
from campaign.web.errors import Gone
from petitions.models import Petition, PetitionText

NUMBER = re.compile(r"[0-9]{1,18}")


def read(slug: str) -> Petition | None:
    """Return the petition with its texts, key and count, not from the cache; None if there is none."""
    return Petition.objects.for_display().with_slug(slug).first()


find = kept(read)


@kept
def of_number(number: int) -> Petition:
    return Petition.objects.for_display().get(pk=number)


@kept
def text_of(petition: Petition, language: str) -> PetitionText:
    return petition.text_in(language)


def text_shown(petition: Petition, number: str, language: str) -> PetitionText:
    """Return the wording that a page named by its number, if it is a public one of this petition; else the newest."""
    public = {str(text.pk): text for text in petition.texts.all() if not text.is_draft}
    return public.get(number) or unknown_text(petition, number) or text_of(petition, language)


def unknown_text(petition: Petition, number: str) -> PetitionText | None:
    """Look for a wording that is newer than what is kept of the petition here."""
    if not NUMBER.fullmatch(number):
        return None
    return PetitionText.objects.without_drafts().filter(petition=petition, pk=int(number)).first()


def get_petition(slug: str) -> Petition:
    """Return the petition. Raises Http404 if there is none or it is a draft, Gone if it was removed."""
    petition = find(slug)
    if petition is None or petition.visibility == Visibility.DRAFT:
        raise Http404
    if petition.visibility == Visibility.REMOVED:
        raise Gone
    return petition
