"""Mixins for what nobody does by hand in the admin, whatever their permissions. They go before ModelAdmin."""

from typing import Any

from django.http import HttpRequest


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
