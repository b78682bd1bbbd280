"""Where staff see what waits and mend what was given up."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaign import audit
from campaign.outbox import work
from campaign.outbox.handlers import kinds
from campaign.outbox.models import GIVEN_UP, Item
from campaign.paging import BoundedPaginator


@transaction.atomic
def retry(item: Item, *, by: str) -> bool:
    if is_retried := work.retry(item):
        audit.note("work.retried", by=by, on=item, kind=item.kind)
    return is_retried


class KindFilter(admin.SimpleListFilter):
    """The kinds that there can be: which of them there are is not asked of a table of millions."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin[Item]):
    list_display = ["id", "kind", "state", "attempts", "due_at", "reason"]
    list_filter = ["state", KindFilter]
    readonly_fields = [field.name for field in Item._meta.fields if field.name != "sealed_secret"]
    exclude = ["sealed_secret"]
    actions = ["try_again"]
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ["-id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        """Of what was given up only: what must still happen is nobody's to delete."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state in GIVEN_UP)

    @admin.action(description=_("Try again what was given up"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        retried = [item for item in queryset if retry(item, by=request.user.get_username())]
        text = ngettext("%d item is tried again.", "%d items are tried again.", len(retried)) % len(retried)
        self.message_user(request, text, messages.SUCCESS)
