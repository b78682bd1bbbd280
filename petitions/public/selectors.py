"""Look up petitions for public pages.

One lookup serves all visitors for a moment, so what they see may be slightly out of date
(campaign/performance/local_cache.py).
"""

from django.http import Http404

from campaign.appeals.models import Visibility
from campaign.performance.local_cache import kept
from campaign.web.errors import Gone
from petitions.models import Petition, PetitionText


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


def get_petition(slug: str) -> Petition:
    """Return the petition. Raises Http404 if there is none or it is a draft, Gone if it was removed."""
    petition = find(slug)
    if petition is None or petition.visibility == Visibility.DRAFT:
        raise Http404
    if petition.visibility == Visibility.REMOVED:
        raise Gone
    return petition
