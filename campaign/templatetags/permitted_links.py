"""What forms of the admin show of fields that cannot be changed."""

from typing import Any

from django import template
from django.db.models import ForeignKey

from campaign.admin.permissions import may_view

register = template.Library()


@register.filter
def contents_for(field: Any, user: Any) -> str:
    """Return what the field contains: linked only if `user` may see what it names, and nothing in place of a prompt.

    Django links every related object, and calls an empty choice by the words that ask for one, such as "Choose …".
    """
    name = field.field["field"]
    columns = {column.name: column for column in field.form._meta.model._meta.fields}
    column = columns.get(name) if isinstance(name, str) else None
    if column is None:
        return str(field.contents())
    value = getattr(field.form.instance, name)
    if isinstance(column, ForeignKey) and not may_view(user, column.related_model):
        return str(value or field.empty_value_display)
    is_unchosen = value == "" and column.choices
    return str(field.empty_value_display if is_unchosen else field.contents())
