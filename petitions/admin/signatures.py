"""Signatures, as far as this server knows them, and the queue of those that wait for a moderator.

Every list takes the same few queries at any size: rows are found by primary key or by a partial index, and nothing is
counted beyond what somebody would page through.
"""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaign.paging import BoundedPaginator
from petitions import moderating
from petitions.admin.finding import find_signature
from petitions.models import HeldSignature, Signature, State

MODERATE = "petitions.moderate_signature"


class SetAsideFilter(admin.SimpleListFilter):
    """Only states that a partial index holds: the others are most of all rows."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in (State.HELD, State.WITHDRAWN, State.INVALIDATED)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class ModeratedAdmin(admin.ModelAdmin[Signature]):
    list_select_related = ["petition"]
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_max_show_all = 0
    ordering = ["-id"]
    fields = [
        "petition", "state", "hold_reason", "country", "language", "channel", "signed_on", "confirmed_on",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MODERATE)

    @admin.action(description=_("Release: count them"), permissions=["moderate"])
    def release(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.decide(request, queryset, moderating.release)

    @admin.action(description=_("Invalidate: they do not count"), permissions=["moderate"])
    def invalidate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.decide(request, queryset, moderating.invalidate)

    @admin.action(description=_("Take an invalidation back: count them"), permissions=["moderate"])
    def validate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.decide(request, queryset, moderating.validate)

    def decide(self, request: HttpRequest, queryset: QuerySet[Signature], decision: Callable[..., int]) -> None:
        ids: Iterable[int] = queryset.values_list("pk", flat=True)[: moderating.MOST]
        done = decision(list(ids), by=request.user.get_username())
        text = ngettext("%d signature changed.", "%d signatures changed.", done) % done
        if done == moderating.MOST:
            text += " " + str(_("That is as many as one press of the button takes; press again for the rest."))
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)


@admin.register(Signature)
class SignatureAdmin(ModeratedAdmin):
    """States, countries and days; who it was is sealed."""

    list_display = ["id", "petition", "state", "country", "language", "channel", "signed_on", "confirmed_on"]
    list_filter = [SetAsideFilter]
    search_fields = ["pk__exact"]
    search_help_text = _("The number of a signature. Names are sealed; an address is looked up by the button above.")
    actions = ["invalidate", "validate"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(find_signature)
        return [path("find/", view, name="petitions_signature_find"), *super().get_urls()]


@admin.register(HeldSignature)
class HeldAdmin(ModeratedAdmin):
    list_display = ["id", "petition", "hold_reason", "country", "language", "signed_on", "confirmed_on"]
    list_filter = ["hold_reason", "petition"]
    actions = ["release", "invalidate"]
    ordering = ["id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        return super().get_queryset(request).filter(state=State.HELD)

    def has_view_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return self.has_moderate_permission(request)
