"""A template built-in for numbers as readers of the active language write them: `{{ petition.count|number }}`."""

from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()


@register.filter
def number(value: object) -> str:
    """Format a whole number; anything else gives an empty string, as with Django's own filters."""
    return format_decimal(value, locale=to_locale(get_language() or "en")) if isinstance(value, int) else ""
