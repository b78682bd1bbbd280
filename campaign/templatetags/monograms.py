"""A template built-in for the letters that stand in for a portrait or a logo: `{{ person.name|initials }}`."""

import re

from django import template

register = template.Library()


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last word; what stands in brackets does not count.

    >>> initials("David Kilgour"), initials("Doctors Against Harvesting (DAH)"), initials("山田太郎"), initials("")
    ('DK', 'DH', '山', '')
    """
    words = re.findall(r"\w+", re.sub(r"[(（].*?[)）]", "", name))
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
