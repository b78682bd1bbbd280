"""Addresses that staff type for visitors to follow."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

LINK = re.compile(r"/(?![/\\])|https?://[^/\\]", re.IGNORECASE)
REFUSED = _("Enter a path of this site, such as /petitions/, or an address that begins with https://.")


def check_links(row: models.Model, *names: str) -> None:
    """Of `row`'s fields `names`. Raises ValidationError for a script, or for another site that looks like a path."""
    typed = {name: getattr(row, name) for name in names}
    wrong = [name for name, text in typed.items() if text and not LINK.match(text)]
    if wrong:
        raise ValidationError(dict.fromkeys(wrong, REFUSED))
