"""Numbers as readers of the active language write them. A template built-in: `{{ petition.count|number }}`."""

from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()


@register.filter
def number(value: object) -> str:
    """An empty text for what is not a number, as Django's own filters do."""
    return format_decimal(value, locale=to_locale(get_language() or "en")) if isinstance(value, int) else ""
