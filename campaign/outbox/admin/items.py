"""The admin of outbox items, where staff see what waits and retry what was given up."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from campaign import audit
from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import NoAdding
from campaign.outbox import queue
from campaign.outbox.handlers import kinds
from campaign.outbox.models import GIVEN_UP, Item
from campaign.translation import for_staff_lazy, for_staff_plural


@transaction.atomic
def retry(item: Item, *, by: str) -> bool:
    if is_retried := queue.retry(item):
        audit.note("work.retried", by=by, on=item, kind=item.kind)
    return is_retried


class KindFilter(admin.SimpleListFilter):
    """Offers all kinds of the settings; asking a table of millions which of them it holds would take too long."""

    title = for_staff_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Item)
class ItemAdmin(NoAdding, admin.ModelAdmin[Item]):
    list_display = ["id", "kind", "state", "attempts", "due_at", "reason"]
    list_filter = ["state", KindFilter]
    readonly_fields = [field.name for field in Item._meta.fields if field.name not in {"subject", "sealed_secret"}]
    exclude = ["subject", "sealed_secret"]
    actions = ["try_again"]
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ["-id"]

    def has_delete_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        """Allow deleting only what was given up; nobody may delete work that must still happen."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state in GIVEN_UP)

    @admin.action(description=for_staff_lazy("Try again what was given up"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        retried = [item for item in queryset if retry(item, by=request.user.get_username())]
        text = for_staff_plural(
            "%(number)s item is tried again.", "%(number)s items are tried again.", len(retried)
        ) % {"number": len(retried)}
        self.message_user(request, text, messages.SUCCESS)
