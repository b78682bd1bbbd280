from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.http import HttpRequest
from django.utils import translation

from campaign import audit


class NotedAdmin[M: models.Model](admin.ModelAdmin[M]):
    """What staff make and change here stands in the audit too, in the words of Django's own history."""

    noted_as: ClassVar[str]

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> LogEntry:
        return self.note("made", request, obj, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> LogEntry:
        return self.note("changed", request, obj, super().log_change(request, obj, message))

    def note(self, act: str, request: HttpRequest, obj: M, entry: LogEntry) -> LogEntry:
        with translation.override("en"):
            what = entry.get_change_message()
        audit.note(f"{self.noted_as}.{act}", by=request.user.get_username(), on=obj, what=what)
        return entry
