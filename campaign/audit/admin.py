"""Read the audit, with the permission `audit.view_entry` (auditors and administrators)."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from campaign import audit
from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import ReadOnly
from campaign.admin.spreadsheets import csv_lines, download
from campaign.audit.acts import in_words
from campaign.audit.models import Entry
from campaign.translation import for_staff_lazy

NEWEST = 10_000  # entries, of which the filters know the acts
ROWS_AT_A_TIME = 5000
COLUMNS = ["when", "who", "act", "on what", "details"]


class PersonFilter(admin.SimpleListFilter):
    """Offers who is staff, and whoever did something lately and is not any more."""

    title, parameter_name = for_staff_lazy("who"), "who__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).values_list("username", flat=True)
        newest = Entry.objects.order_by("-pk")[:NEWEST].values_list("who", flat=True)
        return [(name, name) for name in sorted({*staff, *newest} - {""})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(who=self.value()) if self.value() else queryset


class ActFilter(admin.SimpleListFilter):
    """Offers the acts among the newest entries: all of a long audit would have to be read for all of them."""

    title, parameter_name = for_staff_lazy("act"), "act__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = Entry.objects.order_by("-pk")[:NEWEST].values_list("act", flat=True)
        return sorted(((act, in_words(act)) for act in set(newest)), key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(act=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    """Offers on what kinds of things the newest entries were: the first word of `petitions.signature 7`."""

    title, parameter_name = for_staff_lazy("on what"), "on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = Entry.objects.order_by("-pk")[:NEWEST].values_list("on", flat=True)
        return [(kind, kind) for kind in sorted({on.partition(" ")[0] for on in newest} - {""})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        kind = self.value()
        return queryset.filter(Q(on=kind) | Q(on__startswith=f"{kind} ")) if kind else queryset


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin[Entry]):
    list_display = ["at", "who", "what_was_done", "on", "details"]
    list_display_links = ["at"]
    list_filter = ["at", PersonFilter, ActFilter, KindFilter]
    search_fields = ["who", "act", "on"]
    search_help_text = for_staff_lazy(
        "Any part of a user name, of an act such as “signatures.released”, or of what was acted on, such as"
        " “petitions.signature 7”."
    )
    ordering = ["-id"]
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "admin/audit/change_list.html"

    @admin.display(description=for_staff_lazy("act"), ordering="act")
    def what_was_done(self, entry: Entry) -> str:
        return in_words(entry.act)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """Search for the words as a whole: what was acted on is a kind and a number, with a blank between them."""
        term = search_term.strip()
        found = Q(who__icontains=term) | Q(act__icontains=term) | Q(on__icontains=term)
        return (queryset.filter(found) if term else queryset), False

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_POST(self.export))
        return [path("export/", export, name="audit_entry_export"), *super().get_urls()]

    def export(self, request: Any) -> StreamingHttpResponse:
        """Return what the list shows, all pages of it, as CSV; that is noted, without the words of the search."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = self.get_changelist_instance(request).get_queryset(request)
        filters = request.GET.copy()
        is_searched = bool(filters.pop(SEARCH_VAR, None))
        details = {"filters": filters.urlencode(), "is_searched": is_searched}
        noted = audit.note("audit.exported", by=request.user.get_username(), on="audit", **details)
        return download(csv_lines(COLUMNS, entry_rows(chosen.filter(pk__lt=noted.pk))), "audit.csv")


def entry_rows(chosen: QuerySet[Entry]) -> Iterator[list[str]]:
    """Yield entries slice by slice, newest first; those that come meanwhile are not among them."""
    ordered, last = chosen.order_by("-pk"), None
    while found := list(ordered.filter(pk__lt=last)[:ROWS_AT_A_TIME] if last else ordered[:ROWS_AT_A_TIME]):
        for entry in found:
            yield [entry.at.isoformat(), entry.who, entry.act, entry.on, json.dumps(entry.details, ensure_ascii=False)]
        last = found[-1].pk
