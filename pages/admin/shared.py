"""What the admin forms of several models have in common."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest

from campaign.translation import for_staff_lazy

LATER = for_staff_lazy("To have it appear by itself later, choose “Published” and enter a time.")
PUBLISHING: Any = (for_staff_lazy("Publishing"), {"description": LATER, "fields": ["state", "publish_at"]})
TARGET_FIELDS: list[Any] = ["link_text", ("petition", "letter_campaign", "target_page"), "url"]

BLOCK_FIELDS: list[Any] = [
    ("kind", "order"),
    *("heading", "picture", "film", "document", "body", "source", "source_url"),
    *TARGET_FIELDS,
    *("length", "transcript"),
]


class OrderInput(forms.NumberInput):
    """A place in a list, entered as a number or, with scripts, by buttons or by dragging a handle."""

    class Media:
        js = [Script("admin_look/ordering.js", type="module")]

    def __init__(self) -> None:
        words = {
            "data-up": for_staff_lazy("Move up"),
            "data-down": for_staff_lazy("Move down"),
            "data-drag": for_staff_lazy("Drag"),
            "data-moved": for_staff_lazy("{place} of {all}"),
        }
        super().__init__({"data-order": "", **words})


class Ordered:
    """Mixin for inlines whose rows have an order, which staff change with OrderInput."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "order":
            kwargs["widget"] = OrderInput()
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the inline behind it


class FewChoices:
    """Mixin that queries petitions and letter campaigns once, however many rows of a form offer them as choices."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # of the inline behind it
        if db_field.name in {"petition", "letter_campaign"}:
            known = request.__dict__.setdefault("few_choices", {})
            field.choices = known.setdefault(db_field.name, list(field.choices))
        return field


class BlockInline(Ordered, FewChoices, admin.StackedInline):
    """The blocks of a page. Each kind shows only the fields that it uses, by static/admin_look/blocks.css."""

    extra = 0
    autocomplete_fields = ["target_page", "picture", "film", "document"]
    fieldsets = [(None, {"fields": BLOCK_FIELDS})]

    class Media:
        css = {"all": ["admin_look/blocks.css"]}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say that the address of a video goes where that of a button does."""
        if db_field.name == "url":
            kwargs["help_text"] = for_staff_lazy("Where the video is, or where the button leads on another site.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)
