"""Days and times that staff choose: in UTC, never past without a word.

Beside each the browser shows the person's own time, and the change of clocks before it (static/admin_look/moments.js).
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from campaign.database import clock
from campaign.translation import for_staff, for_staff_lazy


class ComingMomentField(forms.DateTimeField):
    """A day and a time at which something will be done."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = dict.fromkeys(
        ("required", "invalid", "past"), for_staff_lazy("Choose a day and a time to come.")
    )

    def clean(self, value: Any) -> datetime:
        moment: datetime = super().clean(value)
        if moment <= clock.now():
            raise ValidationError(self.error_messages["past"], code="past")
        return moment


class TellsPastMoments(admin.ModelAdmin):
    """Says so where a time that was saved has passed; the admin site mixes it into every ModelAdmin."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        now = clock.now()
        for name in form.changed_data:
            value = form.cleaned_data.get(name)
            if isinstance(value, datetime) and value <= now:
                label = str(form.fields[name].label)
                messages.warning(request, for_staff("“%(label)s” has passed: it holds from now on.") % {"label": label})
