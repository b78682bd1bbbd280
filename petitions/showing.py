"""The petition as visitors are shown it: read once for all of them, so it may be a moment old (campaign/keeping.py)."""

from campaign.keeping import kept
from petitions.models import Petition


def read(slug: str) -> Petition | None:
    """With its texts, key and count."""
    return Petition.objects.for_display().with_slug(slug).first()


find = kept(read)
