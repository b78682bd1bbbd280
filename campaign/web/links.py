"""Links with the site's own name in front, for mails, feeds, codes and whatever else leaves the site."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def absolute(path: str) -> str:
    """Return the link to `path`, which begins with a slash."""
    return settings.SITE_URL + path


def link_to(view: str, *args: object, language: str) -> str:
    """Return the link to a view by its name, as readers of `language` open it."""
    with translation.override(language):
        return absolute(reverse(view, args=args))
