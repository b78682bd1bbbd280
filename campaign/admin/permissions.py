"""Who may see what in the admin, and mixins, before ModelAdmin, for what nobody does by hand there."""

from typing import Any

from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import HttpRequest


def may_view(user: Any, model: type[models.Model]) -> bool:
    """Return whether `user` may open the pages of a model's objects."""
    names = (get_permission_codename(act, model._meta) for act in ("view", "change"))
    return any(user.has_perm(f"{model._meta.app_label}.{name}") for name in names)


class NoAdding:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NoChanging:
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NoDeleting:
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(NoAdding, NoChanging, NoDeleting):
    """A part of the admin that can only be looked at."""
