"""Paths that pages cannot have, since another part of the site answers them in some language."""

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import override

FILES = {"static", "media"}


def is_reserved(path: str) -> bool:
    """Return whether a page at `path` could never be reached, or would hide something.

    >>> is_reserved("admin"), is_reserved("who-we-are")
    (True, False)
    """
    first = path.partition("/")[0]
    languages = {code for code, _name in settings.LANGUAGES}
    return first in FILES | languages or is_taken(f"/{path}/") or is_taken(f"/{path}")


def is_taken(address: str) -> bool:
    try:
        with override(settings.LANGUAGE_CODE):
            return resolve(address).view_name != "pages:page"
    except Resolver404:
        return False
