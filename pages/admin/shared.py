"""What the forms of several models have in common."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

PUBLISHING: Any = (_("Publishing"), {"fields": ["state", "publish_at"]})
TARGET_FIELDS: list[Any] = ["link_text", ("petition", "letter_campaign", "target_page"), "url"]

BLOCK_FIELDS: list[Any] = [
    ("kind", "order"),
    *("heading", "picture", "document", "body", "source", "source_url"),
    *TARGET_FIELDS,
]


class OrderInput(forms.NumberInput):
    """A place in a list: a number, and with scripts also buttons and a handle to drag."""

    class Media:
        js = [Script("admin_look/ordering.js", type="module")]

    def __init__(self) -> None:
        super().__init__(
            {"data-order": "", "data-up": _("Move up"), "data-down": _("Move down"), "data-drag": _("Drag")}
        )


class Ordered:
    """For inlines whose rows have an order: shown by it, changed with OrderInput, new rows at the end."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "order":
            kwargs["widget"] = OrderInput()
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the inline behind it


class FewChoices:
    """Asks once for the few petitions and letter campaigns, however many rows of a form offer them."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # of the inline behind it
        if db_field.name in {"petition", "letter_campaign"}:
            known = request.__dict__.setdefault("few_choices", {})
            field.choices = known.setdefault(db_field.name, list(field.choices))
        return field


class BlockInline(Ordered, FewChoices, admin.StackedInline):
    """Each kind shows only the fields it uses; static/admin_look/blocks.css says which."""

    extra = 0
    autocomplete_fields = ["target_page", "picture", "document"]
    fieldsets = [(None, {"fields": BLOCK_FIELDS})]

    class Media:
        css = {"all": ["admin_look/blocks.css"]}
