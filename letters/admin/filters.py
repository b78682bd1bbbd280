from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from letters.models import Delivery, Office
from letters.models.offices import ENDING_SOON


class TermFilter(admin.SimpleListFilter):
    title = "term"
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", "over, to be looked into"), ("ending", f"ends within {ENDING_SOON.days} days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Office]) -> QuerySet[Office]:
        chosen = {"over": Office.objects.term_over, "ending": Office.objects.term_ending}
        find = chosen.get(self.value() or "")
        return queryset.filter(pk__in=find().values("pk")) if find else queryset


class StuckFilter(admin.SimpleListFilter):
    title = "what needs staff"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("staff", "unknown, rejected, dead or held"), ("printer", "to be printed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        chosen = {"staff": Delivery.objects.stuck, "printer": Delivery.objects.to_print}
        find = chosen.get(self.value() or "")
        return queryset.filter(pk__in=find().values("pk")) if find else queryset
