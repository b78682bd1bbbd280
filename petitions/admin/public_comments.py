"""The queue in which moderators read reasons before they are shown."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import ReadOnly
from campaign.translation import for_staff_lazy, for_staff_plural
from campaign.web import countries, languages
from petitions.admin.base import NamesThePetition
from petitions.admin.signatures import MODERATE
from petitions.models import Voice, VoiceState
from petitions.moderation import public_comments


class WhichFilter(admin.SimpleListFilter):
    """Shows what waits unless another state is chosen."""

    title = for_staff_lazy("which")
    parameter_name = "which"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            (VoiceState.APPROVED, str(VoiceState.APPROVED.label)),
            (VoiceState.REFUSED, str(VoiceState.REFUSED.label)),
        ]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": VoiceState.WAITING.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Voice]) -> QuerySet[Voice]:
        return queryset.filter(state=self.value()) if self.value() else queryset & Voice.objects.to_read()


@admin.register(Voice)
class VoiceAdmin(ReadOnly, NamesThePetition[Voice]):
    list_display = ["number", "reason", "name", "country", "language", "petition"]
    list_display_links = None
    list_filter = [WhichFilter, "petition"]
    list_per_page = 50
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["pk"]
    actions = ["approve", "refuse", "read_again"]

    @admin.display(description=for_staff_lazy("signature"), ordering="pk")
    def number(self, voice: Voice) -> int:
        return voice.pk

    @admin.display(description=for_staff_lazy("name to show"))
    def name(self, voice: Voice) -> str:
        return voice.said.get("name", "")

    @admin.display(description=for_staff_lazy("country"))
    def country(self, voice: Voice) -> str:
        return countries.name_of(voice.said.get("country", ""))

    @admin.display(description=for_staff_lazy("reason"))
    def reason(self, voice: Voice) -> str:
        """With a field that says which words these are, for `approve`."""
        field = '{}<input type="hidden" name="read-{}" value="{}">'
        return format_html(field, voice.said.get("reason", ""), voice.pk, voice.mark_of_words)

    @admin.display(description=for_staff_lazy("language"))
    def language(self, voice: Voice) -> str:
        return languages.name_of(voice.said.get("language", ""))

    @admin.action(description=for_staff_lazy("Show them on the petition's page"), permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Voice]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        read = {pk: request.POST.get(f"read-{pk}", "") for pk in chosen}
        self.say(request, public_comments.approve_comments(read, by=request.user.get_username()))
        if left := Voice.objects.to_read().filter(pk__in=chosen).count():
            text = for_staff_plural(
                "%(left)s reason is not shown: its words are not those on your page. Please read it again.",
                "%(left)s reasons are not shown: their words are not those on your page. Please read them again.",
                left,
            )
            self.message_user(request, text % {"left": left}, messages.WARNING)

    @admin.action(
        description=for_staff_lazy("Do not show them; the words are forgotten in seven days"), permissions=["moderate"]
    )
    def refuse(self, request: HttpRequest, queryset: QuerySet[Voice]) -> None:
        self.decide(request, queryset, public_comments.refuse_comments)

    @admin.action(
        description=for_staff_lazy("Refused ones: put them back among those to be read"), permissions=["moderate"]
    )
    def read_again(self, request: HttpRequest, queryset: QuerySet[Voice]) -> None:
        self.decide(request, queryset, public_comments.read_again)

    def decide(self, request: HttpRequest, queryset: QuerySet[Voice], decision: Callable[..., int]) -> None:
        self.say(request, decision(list(queryset.values_list("pk", flat=True)), by=request.user.get_username()))

    def say(self, request: HttpRequest, done: int) -> None:
        text = for_staff_plural("%(done)s reason decided.", "%(done)s reasons decided.", done) % {"done": done}
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MODERATE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_moderate_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Voice | None = None) -> bool:
        return self.has_moderate_permission(request)
