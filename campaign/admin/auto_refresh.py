"""Admin pages that reload while a worker is busy with their object."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse


class WatchedAdmin[Watched: Model](admin.ModelAdmin[Watched]):
    """Reloads the page of one object every five seconds while the object `is_moving`."""

    def render_change_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().render_change_form(request, *args, **kwargs)
        if getattr(kwargs.get("obj"), "is_moving", False):
            response.headers["Refresh"] = "5"
        return response
