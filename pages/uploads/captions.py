"""Captions of films as text: WebVTT, which browsers read, or SRT, which most programs write."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as for_staff

LANGUAGE = r"[a-z]{2,3}(?:-[a-z]{2,8})?"  # its code, as it stands in addresses
SRT_TIME = re.compile(r"(\d\d:\d\d:\d\d),(\d{3})")
TIME = r"(?:\d\d+:)?\d\d:\d\d\.\d{3}"
TIMING = re.compile(rf"^{TIME}[ \t]+-->[ \t]+{TIME}", re.MULTILINE)
HEAD = re.compile(r"WEBVTT(?:[ \t\n]|$)")


def as_webvtt(text: str) -> str:
    """Return the captions as WebVTT. Raises ValidationError for what has no line that says when it is shown.

    >>> as_webvtt("1\\n00:00:01,000 --> 00:00:02,500\\nGood evening.")
    'WEBVTT\\n\\n1\\n00:00:01.000 --> 00:00:02.500\\nGood evening.\\n'
    """
    plain = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    if not HEAD.match(plain):
        lines = (SRT_TIME.sub(r"\1.\2", line) if "-->" in line else line for line in plain.split("\n"))
        plain = "WEBVTT\n\n" + "\n".join(lines)
    if not TIMING.search(plain):
        raise ValidationError(
            for_staff("These are no captions: a line such as “00:00:01.000 --> 00:00:04.000” is before each of them.")
        )
    return plain
