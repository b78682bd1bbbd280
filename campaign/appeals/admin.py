"""The admin of petitions and of letter campaigns, as far as it is the same."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse

from campaign.admin.permissions import NoDeleting
from campaign.appeals import stopping
from campaign.appeals.models import Appeal, Visibility
from campaign.translation import for_staff, for_staff_lazy

STATUS = {
    "open": for_staff_lazy("open"),
    "paused": for_staff_lazy("paused"),
    "upcoming": for_staff_lazy("not open yet"),
    "closed": for_staff_lazy("closed"),
}


class AppealAdmin[A: Appeal](NoDeleting, admin.ModelAdmin[A]):
    @admin.display(description=for_staff_lazy("state"))
    def status_in_words(self, appeal: A) -> str:
        return str(STATUS[appeal.status])

    def get_readonly_fields(self, request: HttpRequest, obj: A | None = None) -> Any:
        """Fix the pause, which is an act of its own (campaign/appeals/stopping.py)."""
        return ["is_paused", *super().get_readonly_fields(request, obj)]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.stop)
        return [path("<int:pk>/acts/<slug:act>/", view, name=self.url_name("stop")), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and say of what is published that its time is over, as that of what had been archived may be."""
        super().save_related(request, form, formsets, change)
        appeal = form.instance
        if appeal.visibility == Visibility.PUBLISHED and appeal.status == "closed":
            words = for_staff(
                "It is published, and closed: its closing date is over. Save a later one, or none, to open it again."
            )
            self.message_user(request, words, messages.WARNING)

    def acted(self, request: HttpRequest, obj: A) -> None:
        """Do what follows from an act, such as keeping a version."""

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        acts = self.possible_acts(request, context["original"])
        return super().render_change_form(request, {"stopping_acts": acts, **context}, *args, **kwargs)

    def possible_acts(self, request: HttpRequest, appeal: A | None) -> list[tuple[str, str]]:
        """Return what can be done to it now: the words and the page of each act."""
        if appeal is None or not self.has_change_permission(request, appeal):
            return []
        name = f"admin:{self.url_name('stop')}"
        return [(act.words, reverse(name, args=[appeal.pk, key])) for key, act in stopping.acts_for(appeal).items()]

    def stop(self, request: Any, pk: int, act: str) -> HttpResponse:
        """Say what it does; by post, do it."""
        appeal = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, appeal):
            raise PermissionDenied
        if act not in stopping.STOPPING_ACTS:
            raise Http404
        back = reverse(f"admin:{self.url_name('change')}", args=[pk])
        if request.method == "POST":
            is_done = stopping.perform(appeal, act, by=request.user.get_username())
            self.acted(request, appeal)
            words = stopping.STOPPING_ACTS[act].done if is_done else for_staff("Somebody has done that already.")
            self.message_user(request, words, messages.SUCCESS if is_done else messages.INFO)
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "appeal": appeal,
            "act": stopping.STOPPING_ACTS[act],
            "back": back,
        }
        context["title"] = f"{stopping.STOPPING_ACTS[act].words}?"
        return render(request, "admin/appeals/stop.html", context)
