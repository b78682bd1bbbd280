"""Record in the audit what staff add, change and delete in the admin: names of fields, never what was typed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import HttpRequest

from campaign import audit
from campaign.audit import Detail

type Message = str | list[dict[str, Any]]


class Noted(admin.ModelAdmin):
    """Records edits in the audit; the admin site mixes it into every ModelAdmin (campaign/staff/site.py)."""

    notes_itself: ClassVar[bool] = False  # True where the functions that it calls write an audit entry themselves

    def details_of(self, obj: Any) -> dict[str, Detail]:
        """Return what the audit entry says of `obj` in addition to the names of fields."""
        return {}

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        self.write_note("made", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        self.write_note("changed", request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        for obj in queryset:
            self.write_note("deleted", request, obj, [])
        return super().log_deletions(request, queryset)

    def write_note(self, act: str, request: HttpRequest, obj: models.Model, message: Message) -> None:
        if not self.notes_itself:
            by, what = request.user.get_username(), change_summary(message)
            audit.note(f"{obj._meta.model_name}.{act}", by=by, on=obj, what=what, **self.details_of(obj))


def change_summary(message: Message) -> str:
    """Return Django's message of a change without the objects themselves, whose names may be somebody's words.

    >>> change_summary([{"changed": {"fields": ["Title"]}}, {"added": {"name": "key", "object": "..."}}])
    'changed: Title; added: key'
    """
    if isinstance(message, str):
        return message
    return "; ".join(line(act, facts) for entry in message for act, facts in entry.items())


def line(act: str, facts: dict[str, Any]) -> str:
    return f"{act}: {', '.join(filter(None, [facts.get('name'), *facts.get('fields', ())]))}".removesuffix(": ")
