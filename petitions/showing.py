"""The petition as visitors are shown it: read once for all of them, so it may be a moment old (campaign/keeping.py)."""

from django.http import Http404

from campaign.errors import Gone
from campaign.keeping import kept
from petitions.models import Petition, PetitionText
from petitions.models.petition import Visibility


def read(slug: str) -> Petition | None:
    """With its texts, key and count."""
    return Petition.objects.for_display().with_slug(slug).first()


find = kept(read)


@kept
def of_number(number: int) -> Petition:
    return Petition.objects.for_display().get(pk=number)


@kept
def text_of(petition: Petition, language: str) -> PetitionText:
    return petition.text_in(language)


def get_petition(slug: str) -> Petition:
    """Raises Http404 if nobody may see it, Gone if it was removed."""
    petition = find(slug)
    if petition is None or petition.visibility == Visibility.DRAFT:
        raise Http404
    if petition.visibility == Visibility.REMOVED:
        raise Gone
    return petition
