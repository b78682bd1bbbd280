"""Template built-ins for numbers as readers of the active language write them: `{{ petition.count|number }}`."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()
SMALLEST_SHARE = 0.001


@register.filter
def number(value: object) -> str:
    """Format a whole number; anything else gives an empty string, as with Django's own filters."""
    return format_decimal(value, locale=to_locale(get_language() or "en")) if isinstance(value, int) else ""


@register.filter
def share_of(part: int, whole: int) -> str:
    """Format what `part` is of `whole` in hundredths, with a tenth where that is little; what there is is never 0%.

    >>> share_of(1, 4), share_of(24, 1000), share_of(12, 1_000_000), share_of(0, 10)
    ('25%', '2.4%', '<0.1%', '0%')
    """
    locale = Locale.parse(to_locale(get_language() or "en"))
    share = part / whole if whole else 0
    pattern = locale.percent_formats[None].pattern
    is_less = 0 < share < SMALLEST_SHARE
    shown = SMALLEST_SHARE if is_less else share
    text = format_percent(shown, pattern if shown >= 0.1 else pattern.replace("##0", "##0.#"), locale=locale)
    return f"<{text}" if is_less else text


@register.filter
def largest_count(rows: Iterable[Any]) -> int:
    """Return the largest `count` of rows of figures; None counts for nothing."""
    return max((row.count or 0 for row in rows), default=0)
