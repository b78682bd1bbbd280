from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from letters.models import Delivery, Office


class TermFilter(admin.SimpleListFilter):
    title = _("term")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", _("over, to be looked into"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Office]) -> QuerySet[Office]:
        over = Office.objects.term_over().values("pk")
        return queryset.filter(pk__in=over) if self.value() == "over" else queryset


class StuckFilter(admin.SimpleListFilter):
    title = _("what needs staff")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("staff", _("unknown, rejected, dead or held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        stuck = Delivery.objects.stuck().values("pk")
        return queryset.filter(pk__in=stuck) if self.value() == "staff" else queryset
