"""What staff may have overlooked in a text that is about to be seen by everybody.

Faults are what would be wrong for every reader; the rest are warnings. Each is a sentence without its full stop, which
whoever shows it puts after where it was found.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from campaign.translation import for_staff, for_staff_plural

PLACEHOLDER = re.compile(r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|\[[A-Z][A-Z ,.'’_-]{2,60}\]")
OVERRIDE = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they change in which order letters are shown
ANY_LINK = re.compile(r"""href\s*=\s*["']([^"'\s]+)["']""")


class TextRemark(NamedTuple):
    """What was found, and whether it would be wrong for everybody."""

    text: str
    is_fault: bool


CHECKS: list[Callable[[Any], list[TextRemark]]] = []  # of whatever staff write; an app that has one adds it


def remarks(content: Any) -> list[TextRemark]:
    """Return what is to be looked at before the content is published or sent, faults first."""
    return [remark for check in CHECKS for remark in check(content)]


def remarks_on(text: str) -> Iterator[TextRemark]:
    """Yield what the text itself shows.

    >>> [remark.text for remark in remarks_on("Dear {{ name }}, I am [YOUR NAME].")]
    ['nobody has filled in “{{ name }}”', 'nobody has filled in “[YOUR NAME]”']
    >>> [remark.is_fault for remark in remarks_on("See [1], [a] and [WHO] \\u202eback\\u202c.")]
    [True, False]
    """
    for found in dict.fromkeys(PLACEHOLDER.findall(text)):
        yield TextRemark(for_staff("nobody has filled in “%(found)s”") % {"found": found}, is_fault=True)
    if number := len(OVERRIDE.findall(text)):
        told = for_staff_plural(
            "an invisible character turns the direction of writing",
            "%(number)s invisible characters turn the direction of writing",
            number,
        )
        yield TextRemark(told % {"number": number}, is_fault=False)


def links_within(html: str) -> set[str]:
    """Return the paths on this site to which `html` links, without what follows `?` and `#`.

    >>> sorted(links_within('<a href="/news/#top">a</a> <a href="https://elsewhere.example/x/">b</a>'))
    ['/news/']
    """
    return {path for link in ANY_LINK.findall(html) if (path := path_within(link))}


def path_within(link: str) -> str:
    """Return the path of a link on this site; empty for any other."""
    own = link.removeprefix(settings.SITE_URL)
    is_path = own.startswith("/") and not own.startswith("//")
    return urlsplit(own).path if is_path else ""
