"""The list of subscribers, which shows no address, and the look-up of one address."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST

from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import ReadOnly
from campaign.secrecy import passages
from campaign.supporters import lookup
from campaign.supporters.models import Subscriber, SubscriberImport, SubscriberState
from campaign.translation import for_staff, for_staff_lazy
from campaign.web import countries
from campaign.web.forms.lookup import LookUpForm
from campaign.web.languages import name_of

ERASING = "subscriber to be erased"


@permission_required("supporters.find_subscriber", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def find_subscriber(request: HttpRequest) -> HttpResponse:
    """Look up an address; it is posted, so that it appears in no log."""
    by: Any = request.user
    form = LookUpForm(request.POST or None, by=by)
    context = {
        **admin.site.each_context(request),
        "form": form,
        "title": for_staff("Look a subscriber up by the address"),
    }
    if form.is_valid():
        asked = {"address": form.cleaned_data["address"], "reason": form.cleaned_data["reason"]}
        context["found"] = lookup.find(**asked, by=by.get_username())
        context["passage"] = passages.in_form(asked, ERASING)
    return render(request, "admin/supporters/subscriber/find.html", context)


@permission_required(["supporters.find_subscriber", "supporters.delete_subscriber"], raise_exception=True)
@require_POST
def erase_subscriber(request: HttpRequest) -> HttpResponse:
    """Erase the address that was looked up; the answer is the same whether anything was kept of it."""
    by: Any = request.user
    asked = passages.read(request.POST.get("passage", ""), ERASING)
    if asked is None:
        messages.error(request, for_staff("Look the address up again: this page was too old."))
    elif "is_sure" not in request.POST:
        messages.error(request, for_staff("Tick the box to say that it is to be erased. Nothing was changed."))
    else:
        lookup.erase(**asked, by=by.get_username())
        messages.success(
            request, for_staff("Whatever was kept of this subscriber is erased. No import brings the address back.")
        )
    return redirect("admin:supporters_subscriber_find")


class ChosenFilter(admin.SimpleListFilter):
    """Filters by a value that a method of its subclass lists, without asking the table for all that it holds."""

    lookup: str

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        value = self.value()
        is_listed = value is not None and value in {str(code) for code, _label in self.lookup_choices}
        return queryset.filter(**{self.lookup: value}) if is_listed else queryset


class StandingFilter(admin.SimpleListFilter):
    title, parameter_name = for_staff_lazy("standing"), "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("subscribed", for_staff("subscribed")), ("left", for_staff("left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        if self.value() == "subscribed":
            return queryset.filter(state=SubscriberState.CONFIRMED)
        return queryset.exclude(state=SubscriberState.CONFIRMED) if self.value() == "left" else queryset


class LanguageFilter(ChosenFilter):
    title, parameter_name, lookup = for_staff_lazy("language"), "language", "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return settings.LANGUAGES


class CountryFilter(ChosenFilter):
    """Offers the countries of those imported; of all others none is known."""

    title, parameter_name, lookup = for_staff_lazy("country"), "country", "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        imported = Subscriber.objects.confirmed().exclude(country="").order_by("country")
        codes = imported.values_list("country", flat=True).distinct()
        return [(code, countries.name_of(code)) for code in codes]


class SourceFilter(admin.SimpleListFilter):
    title, parameter_name = for_staff_lazy("source"), "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [
            ("here", for_staff("joined here")),
            *((str(one.pk), str(one)) for one in SubscriberImport.objects.order_by("-pk")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        value = self.value() or ""
        if value == "here":
            return queryset.filter(source=None)
        return queryset.filter(source=int(value)) if value.isdecimal() and len(value) < 19 else queryset


class TagFilter(admin.SimpleListFilter):
    title, parameter_name = for_staff_lazy("tag"), "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        tags = {tag for tags in SubscriberImport.objects.values_list("tags", flat=True) for tag in tags}
        return [(tag, tag) for tag in sorted(tags)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        if self.value() not in {tag for tag, _label in self.lookup_choices}:
            return queryset
        return queryset.filter(source__in=SubscriberImport.objects.filter(tags__contains=[self.value()]).values("pk"))


class SinceFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = for_staff("since")


SUBSCRIBER_FIELDS = [
    "number", "standing", "language_name", "country_name", "came_by", "joined_on", "left_on", "ended", "wording",
]  # fmt: skip


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, admin.ModelAdmin[Subscriber]):
    list_display = ["number", "standing", "language_name", "country_name", "came_by", "joined_on", "agreed", "ended"]
    list_filter = [
        StandingFilter, LanguageFilter, CountryFilter, SourceFilter, TagFilter, "ended_by",
        ("confirmed_at", SinceFilter),
    ]  # fmt: skip
    list_select_related = ["source", "consent"]
    fields = tuple(SUBSCRIBER_FIELDS)
    readonly_fields = SUBSCRIBER_FIELDS
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    paginator = BoundedPaginator
    sortable_by = ["number"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        return Subscriber.objects.joined().defer("address").order_by("-pk")

    @admin.display(description=for_staff_lazy("number"), ordering="pk")
    def number(self, subscriber: Subscriber) -> int:
        return subscriber.pk

    @admin.display(description=for_staff_lazy("standing"))
    def standing(self, subscriber: Subscriber) -> str:
        return subscriber.standing

    @admin.display(description=for_staff_lazy("language"))
    def language_name(self, subscriber: Subscriber) -> str:
        return name_of(subscriber.language)

    @admin.display(description=for_staff_lazy("country"), empty_value="–")
    def country_name(self, subscriber: Subscriber) -> str | None:
        return countries.name_of(subscriber.country) if subscriber.country else None

    @admin.display(description=for_staff_lazy("source"))
    def came_by(self, subscriber: Subscriber) -> str:
        return str(subscriber.source) if subscriber.source else for_staff("joined here")

    @admin.display(description=for_staff_lazy("since"))
    def joined_on(self, subscriber: Subscriber) -> Any:
        return subscriber.confirmed_at.date() if subscriber.confirmed_at else None

    @admin.display(description=for_staff_lazy("left on"))
    def left_on(self, subscriber: Subscriber) -> Any:
        return subscriber.unsubscribed_at.date() if subscriber.unsubscribed_at else None

    @admin.display(description=for_staff_lazy("ended by"), empty_value="–")
    def ended(self, subscriber: Subscriber) -> str | None:
        return subscriber.get_ended_by_display() or None

    @admin.display(description=for_staff_lazy("consent"))
    def agreed(self, subscriber: Subscriber) -> str:
        return Truncator(subscriber.consent.wording).chars(40)

    @admin.display(description=for_staff_lazy("wording of the consent"))
    def wording(self, subscriber: Subscriber) -> str:
        return subscriber.consent.wording

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(find_subscriber), name="supporters_subscriber_find"),
            path("erase/", wrap(erase_subscriber), name="supporters_subscriber_erase"),
            *super().get_urls(),
        ]
