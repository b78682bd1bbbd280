from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaign.translation import for_staff, for_staff_lazy
from letters.models import Delivery, Office
from letters.models.recipients.offices import ENDING_SOON


class TermFilter(admin.SimpleListFilter):
    title = for_staff_lazy("term")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("over", for_staff("over, to be looked into")),
            ("ending", for_staff("ends within %(days)s days") % {"days": ENDING_SOON.days}),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Office]) -> QuerySet[Office]:
        chosen = {"over": Office.objects.term_over, "ending": Office.objects.term_ending}
        find = chosen.get(self.value() or "")
        return queryset.filter(pk__in=find().values("pk")) if find else queryset


class StuckFilter(admin.SimpleListFilter):
    title = for_staff_lazy("what needs staff")
    parameter_name = "needs"
    FORMER = "former"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("staff", for_staff("unknown, rejected, dead or held")),
            ("printer", for_staff("to be printed")),
            (self.FORMER, for_staff("to a recipient who has left office")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        chosen = {
            "staff": Delivery.objects.stuck,
            "printer": Delivery.objects.to_print,
            self.FORMER: Delivery.objects.to_former_senators,
        }
        find = chosen.get(self.value() or "")
        return queryset.filter(pk__in=find().values("pk")) if find else queryset


class OfficeFilter(admin.SimpleListFilter):
    title = for_staff_lazy("office")
    parameter_name = "office"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(office.pk), str(office)) for office in Office.objects.order_by("-is_current", "last_name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        chosen = self.value() or ""
        return queryset.filter(letter__office=int(chosen)) if chosen.isdecimal() else queryset
