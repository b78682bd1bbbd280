"""Counts for staff, which cost the same however much there is."""

from typing import Any

from django.db.models import QuerySet

from campaign.observability.metrics import MOST
from campaign.templatetags.numbers import number as with_separators
from campaign.translation import for_staff


def count(rows: QuerySet[Any], *, most: int = MOST) -> int:
    """Return how many rows there are; `most` means as many or more."""
    return rows.order_by()[:most].count()


def in_words(number: int, *, most: int = MOST) -> str:
    """Return the number of such a count for staff to read."""
    words = with_separators(number)
    return for_staff("%(number)s or more") % {"number": words} if number >= most else words
