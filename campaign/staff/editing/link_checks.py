"""Check links that staff enter for visitors to follow."""

import re

from django.core.exceptions import ValidationError
from django.db import models

from campaign.translation import for_staff_lazy

LINK_FORMAT = re.compile(r"/(?![/\\])|https?://[^/\\]", re.IGNORECASE)
LINK_REFUSED = for_staff_lazy(
    "Enter a path of this site, such as /petitions/, or an address that begins with https://."
)


def check_links(row: models.Model, *names: str) -> None:
    """Check the fields `names` of `row`.

    Raises ValidationError for a script, or for another site disguised as a path.
    """
    typed = {name: getattr(row, name) for name in names}
    wrong = [name for name, text in typed.items() if text and not LINK_FORMAT.match(text)]
    if wrong:
        raise ValidationError(dict.fromkeys(wrong, LINK_REFUSED))
