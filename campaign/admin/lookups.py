"""Filter a list in the admin by nothing but what its page offers: else a URL asks what no page shows."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

# What filters and the links of a date hierarchy append to a field that is offered.
APPENDED = ("", "__exact", "__isnull", "__isempty", "__gte", "__lt", "__id__exact", "__year", "__month", "__day")


class OfferedLookups(admin.ModelAdmin):
    """Refuses all other lookups in URLs; the admin site mixes it into every ModelAdmin (campaign/staff/site.py).

    Django itself allows every lookup on the model's own fields, so that `?fingerprint__startswith=` would probe a
    column which is on no page.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        offered = {path + end for path in self.offered_lookups(request) for end in APPENDED}
        return lookup in offered and super().lookup_allowed(lookup, value, request)

    def offered_lookups(self, request: HttpRequest) -> list[str]:
        """Return the fields, and the parameters of filters of our own, by which the list can be narrowed."""
        filters = [path_of(offered) for offered in self.get_list_filter(request)]
        dates = [self.date_hierarchy] if self.date_hierarchy else []
        return [*filters, *dates, *self.get_search_fields(request)]


def path_of(offered: Any) -> str:
    """Return what one entry of `list_filter` narrows by: a field, a field with its filter, or a filter of our own."""
    if isinstance(offered, str):
        return offered
    return str(offered[0] if isinstance(offered, (list, tuple)) else offered.parameter_name)
