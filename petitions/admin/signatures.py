"""Signatures, as far as this server knows them, and the moderators' queue of held ones.

Every list takes the same few queries at any size: rows are found by primary key or by a partial index, and counting
stops where nobody would page to.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from campaign.admin.actions_on_page import EVERYWHERE, ActionsOnPage
from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import ReadOnly
from campaign.translation import for_staff, for_staff_lazy, for_staff_plural
from campaign.web import countries, languages
from petitions.admin.base import NamesThePetition
from petitions.admin.lookup import find_signature
from petitions.models import HeldSignature, Signature, State, TraceKind
from petitions.models.signature import LIVING
from petitions.moderation import decisions, groups, undo_button
from petitions.moderation.groups import HeldGroup

MODERATE = "petitions.moderate_signature"
# The filters of this list, and the field of a decision by filter that means the same.
FILTER_OF = {
    "hold_reason__exact": "hold_reason",
    "country": "country",
    "petition__id__exact": "petition",
    "signed_on__gte": "signed_from",
    "signed_on__lt": "signed_until",
    "trace": "trace",
}
NO_FILTER = {"p", "o", "e", "all"}


class SetAsideFilter(admin.SimpleListFilter):
    """Offers only the states that a partial index covers: the others make up most of the table."""

    title = for_staff_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in (State.HELD, State.WITHDRAWN, State.INVALIDATED)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class HeldCountryFilter(admin.SimpleListFilter):
    """Lists the countries that most of the held signatures come from, with their number, most first."""

    title = for_staff_lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        found = Signature.objects.held().first_by_country(BoundedPaginator.most)
        return [(code, f"{countries.name_of(code)} ({number})") for code, number in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        return queryset.filter(country=self.value()) if self.value() else queryset


class TraceFilter(admin.SimpleListFilter):
    """The group that was chosen on the page of groups; no other is offered here."""

    title = for_staff_lazy("group of the last day")
    parameter_name = "trace"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, chosen)] if chosen else []

    def has_output(self) -> bool:
        return bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        try:
            return queryset.filter(pk__in=groups.members(str(self.value()))) if self.value() else queryset
        except ValueError:
            return queryset.none()


class ModeratedAdmin(ReadOnly, ActionsOnPage[Signature], NamesThePetition[Signature]):
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_max_show_all = 0
    ordering = ["-id"]
    fields = [
        "petition", "state", "hold_reason", "country_name", "language_name", "channel", "signed_on", "confirmed_on",
    ]  # fmt: skip

    @admin.display(description=for_staff_lazy("country"))
    def country_name(self, signature: Signature) -> str:
        return signature.country_name

    @admin.display(description=for_staff_lazy("language"))
    def language_name(self, signature: Signature) -> str:
        return languages.name_of(signature.language)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MODERATE)

    def possible_actions(self, obj: Signature) -> set[str]:
        can_do = {
            "release": obj.state == State.HELD,
            "invalidate": obj.state in LIVING,
            "validate": decisions.can_become_valid(obj),
        }
        return {name for name, can in can_do.items() if can}

    @admin.action(
        description=for_staff_lazy("Release: it counts"),
        description_plural=for_staff_lazy("Release: count them"),
        permissions=["moderate"],
        location=EVERYWHERE,
    )
    def release(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.tell_counting(request, self.decide(request, queryset, decisions.release), undo="release")

    @admin.action(
        description=for_staff_lazy("Invalidate: it does not count"),
        description_plural=for_staff_lazy("Invalidate: they do not count"),
        permissions=["moderate"],
        location=EVERYWHERE,
    )
    def invalidate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        done = self.decide(request, queryset, decisions.invalidate)
        told = for_staff_plural("%(done)s signature invalidated.", "%(done)s signatures invalidated.", len(done))
        self.tell(request, told, done, undo="invalidate")

    @admin.action(
        description=for_staff_lazy("Take the invalidation back: it counts"),
        description_plural=for_staff_lazy("Take an invalidation back: count them"),
        permissions=["moderate"],
        location=EVERYWHERE,
    )
    def validate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self.tell_counting(request, self.decide(request, queryset, decisions.restore_valid))

    def decide(
        self, request: HttpRequest, queryset: QuerySet[Signature], decision: Callable[..., list[int]]
    ) -> list[int]:
        ids: Iterable[int] = queryset.values_list("pk", flat=True)[: decisions.MOST_AT_ONCE]
        return decision(list(ids), by=request.user.get_username())

    def tell_counting(self, request: HttpRequest, done: list[int], undo: str = "") -> None:
        told = for_staff_plural("%(done)s signature counts now.", "%(done)s signatures count now.", len(done))
        self.tell(request, told, done, undo=undo)

    def tell(self, request: HttpRequest, told: str, done: list[int], undo: str = "") -> None:
        """Say what was done, with a button that takes it back; it holds for a day."""
        text = told % {"done": len(done)}
        if len(done) == decisions.MOST_AT_ONCE:
            text += " " + for_staff("That is as many as one press of the button takes; press again for the rest.")
        if done and undo:
            text = undo_button.with_button(request, text, undo, done)
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)


@admin.register(Signature)
class SignatureAdmin(ModeratedAdmin):
    """States, countries and days; who signed is sealed."""

    list_display = ["id", "state", "country_name", "channel", "signed_on", "confirmed_on", "language_name", "petition"]
    list_filter = [SetAsideFilter]
    search_fields = ["pk__exact"]
    search_help_text = for_staff_lazy(
        "The number of a signature. Names are sealed; an address is looked up by the button above."
    )
    actions = ["release", "invalidate", "validate"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(find_signature)
        return [path("find/", view, name="petitions_signature_find"), *super().get_urls()]


@admin.register(HeldSignature)
class HeldAdmin(ModeratedAdmin):
    list_display = ["id", "hold_reason", "country_name", "signed_on", "confirmed_on", "language_name", "petition"]
    list_filter = ["hold_reason", HeldCountryFilter, "petition", "signed_on", TraceFilter]
    actions = ["release", "invalidate"]
    ordering = ["id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        """Return the queue; a signature's own page goes on showing it when a colleague has decided meanwhile."""
        is_page = "object_id" in getattr(request.resolver_match, "kwargs", {})
        signatures = super().get_queryset(request)
        return signatures if is_page else signatures.filter(state=State.HELD)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Render the list with a link to a decision on everything that is filtered here."""
        return super().changelist_view(request, {"proposal": proposal(request.GET), **(extra_context or {})})

    def has_view_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return self.has_moderate_permission(request)

    def get_urls(self) -> list[URLPattern]:
        pages = {"groups": self.show_groups, "undo": require_POST(self.undo)}
        ours = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"petitions_heldsignature_{name}")
            for name, view in pages.items()
        ]
        return [*ours, *super().get_urls()]

    def undo(self, request: HttpRequest) -> HttpResponse:
        """Take back what the message told that holds this button."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        done = undo_button.take_back(request)
        told = for_staff_plural(
            "%(done)s signature has the state again that it had.",
            "%(done)s signatures have the state again that they had.",
            len(done),
        )
        self.tell(request, told if done else for_staff("Nothing was left to be taken back."), done)
        return redirect("admin:petitions_heldsignature_changelist")

    def show_groups(self, request: HttpRequest) -> HttpResponse:
        """Show what is held in groups, each with links to its list and to a decision on all of it."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        asked = request.GET.get("by")
        by = asked if asked in GROUPINGS else first_grouping()
        domain = request.GET.get("domain", "")
        context = {
            **self.admin_site.each_context(request),
            "title": for_staff("Held signatures in groups"),
            "groupings": GROUPINGS,
            "by": by,
            "groups": [(group, list_query(group), decision_query(group)) for group in groups.held_groups(by)],
            "domain": domain,
            "domain_group": groups.pseudonym_of(domain) if domain else "",
        }
        return render(request, "admin/petitions/heldsignature/groups.html", context)


GROUPINGS = {
    TraceKind.NETWORK.value: for_staff_lazy("by network"),
    TraceKind.HOUR.value: for_staff_lazy("by hour"),
    TraceKind.DOMAIN.value: for_staff_lazy("by mail domain"),
    TraceKind.RULE.value: for_staff_lazy("by domain rule"),
    groups.REASON: for_staff_lazy("by reason"),
}


def first_grouping() -> str:
    """Return the first one that finds anything: what has been held for longer than a day is in the last alone."""
    return next((by for by in GROUPINGS if groups.held_groups(by)), TraceKind.NETWORK.value)


def list_query(group: HeldGroup) -> str:
    reason = group.filters.get("hold_reason")
    chosen = {"hold_reason__exact": reason} if reason else group.filters
    return urlencode({**chosen, "petition__id__exact": group.petition.pk})


def decision_query(group: HeldGroup) -> str:
    return urlencode({**group.filters, "petition": group.petition.pk, "touched": State.HELD})


def proposal(chosen: Mapping[str, str]) -> str:
    """Return the query string of a decision on just what the list is filtered to; empty if there is none."""
    filters = {name: value for name, value in chosen.items() if name not in NO_FILTER}
    if not filters or not filters.keys() <= FILTER_OF.keys():
        return ""
    values = {FILTER_OF[name]: value for name, value in filters.items()}
    if "signed_until" in values:
        values["signed_until"] = day_before(values["signed_until"])
    return urlencode({**values, "touched": State.HELD}) if all(values.values()) else ""


def day_before(text: str) -> str:
    """Return the day before; empty if `text` is not a day or has none before it."""
    try:
        day = parse_date(text)
        return str(day - timedelta(days=1)) if day else ""
    except (ValueError, OverflowError):
        return ""
