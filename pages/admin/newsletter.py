"""Where staff write the newsletter, look at it, send it, and see what became of it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.languages import name_of
from campaign.supporters.models import Subscriber
from pages.admin.issue_views import ACTS, act, preview
from pages.admin.version_views import staff
from pages.admin.versioned import VersionedAdmin
from pages.models import Issue
from pages.models.newsletter import DispatchState
from pages.newsletter import composing
from pages.plaintext import absolute


@admin.register(Issue)
class IssueAdmin(VersionedAdmin):
    list_display = ["subject", "state", "created_at", "begun_at", "ended_at"]
    list_filter = ["state"]
    search_fields = ["subject"]
    fields = ["subject", "body"]
    readonly_fields = ["text_as_sent"]
    change_form_template = "admin/pages/issue/change_form.html"
    change_list_template = "admin/pages/issue/change_list.html"

    @admin.display(description=gettext_lazy("text"))
    def text_as_sent(self, issue: Issue) -> str:
        return absolute(issue.in_language(issue.original_language).body)

    def get_fields(self, request: HttpRequest, obj: Issue | None = None) -> Any:
        return super().get_fields(request, obj) if obj is None or obj.is_open else ["subject", "text_as_sent"]

    def has_change_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_open)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        return super().get_queryset(request).order_by("-id")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        issue = self.get_object(request, object_id) if object_id else None
        sending = state_of(issue) if issue else {}
        return super().changeform_view(request, object_id, form_url, {**sending, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("compose/", wrap(self.compose), name="pages_issue_compose"),
            path("<int:pk>/preview/", wrap(preview), name="pages_issue_preview"),
            path("<int:pk>/do/<str:name>/", wrap(act), name="pages_issue_act"),
        ]
        return [*own, *super().get_urls()]

    def compose(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not self.has_add_permission(request):
            return redirect("admin:pages_issue_changelist")
        issue = composing.compose(by=staff(request))
        messages.success(
            request, _("A draft with the news since the last issue. Edit it, then look at it and send it.")
        )
        return redirect(reverse("admin:pages_issue_change", args=[issue.pk]))


def state_of(issue: Issue) -> dict[str, Any]:
    """What the form shows of the sending: how many would get it, or what became of those it went to."""
    numbers = issue.dispatches.numbers()
    by_language = dict(Subscriber.objects.confirmed().by_language()) if issue.is_open else {}
    written = issue.shown_languages()
    return {
        "issue": issue,
        "subscribers": sum(by_language.values()),
        "without_text": sum(number for code, number in by_language.items() if code not in written),
        "original_language": name_of(issue.original_language),
        "languages": [(code, name_of(code)) for code in written],
        "numbers": [(label, numbers[state]) for state, label in DispatchState.choices if state in numbers],
        "acts": [name for name, shown in ACTS.items() if issue.state in shown.states],
    }
