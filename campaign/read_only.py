"""Parts of the desk that are looked at: nothing in them is added, changed or deleted by hand."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Stands before ModelAdmin or an inline."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
