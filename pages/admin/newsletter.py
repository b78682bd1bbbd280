"""The admin of the newsletter, where staff write, preview and send an issue and see what became of it."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.text import capfirst

from campaign.admin.permissions import NoDeleting
from campaign.revisions.version_views import staff_of
from campaign.staff.editing import retyping
from campaign.staff.editing.conflicts import digest
from campaign.staff.editing.guarded_forms import WHOLE
from campaign.supporters import joining
from campaign.supporters.models import SubscriptionEnding
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.languages import name_of
from campaign.web.statistics.disclosure_control import SMALLEST_CELL
from pages.admin.content import ContentAdmin
from pages.admin.issue_views import BEGIN_TO_SEND, ISSUE_ACTIONS, act_on_issue, preview
from pages.models import Issue, WeeklyDigest
from pages.models.newsletter import DispatchState
from pages.newsletter import composing
from pages.publishing.plaintext import absolute_links
from pages.translation import editor

NOT_SENT = for_staff_lazy("Nothing was sent: what stands here is not what is saved. Save it first, then send it.")


@admin.register(Issue)
class IssueAdmin(ContentAdmin):
    list_display = ["subject", "segment", "state", "created_at", "begun_at", "ended_at"]
    list_select_related = ["segment"]
    list_filter = ["state"]
    search_fields = ["subject"]
    fields = ["subject", "body", "segment"]
    readonly_fields = ["text_as_sent"]
    change_form_template = "admin/pages/issue/change_form.html"
    change_list_template = "admin/pages/issue/change_list.html"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say what no segment means."""
        if db_field.name == "segment":
            kwargs["empty_label"] = capfirst(for_staff("all subscribers"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=for_staff_lazy("text"))
    def text_as_sent(self, issue: Issue) -> str:
        return absolute_links(issue.in_language(issue.original_language).body)

    def get_fields(self, request: HttpRequest, obj: Issue | None = None) -> Any:
        return (
            super().get_fields(request, obj) if obj is None or obj.is_open else ["subject", "text_as_sent", "segment"]
        )

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
            path("<int:pk>/do/<str:name>/", wrap(self.act), name="pages_issue_act"),
        ]
        return [*own, *super().get_urls()]

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Do what a button says. What begins to send it is posted with the form, and does so only if that is saved."""
        if request.method != "POST" or name not in BEGIN_TO_SEND:
            return act_on_issue(request, pk, name)
        with transaction.atomic():
            issue = get_object_or_404(Issue.objects.select_for_update(), pk=pk)
            if not self.has_change_permission(request, issue) or self.is_saved_as_shown(request, issue):
                return act_on_issue(request, pk, name)
            retyping.show_again(request, NOT_SENT)
            return self.changeform_view(request, str(pk), reverse("admin:pages_issue_change", args=[pk]))

    def is_saved_as_shown(self, request: HttpRequest, issue: Issue) -> bool:
        """Return whether the form on the page, which the request posts, holds what is saved."""
        saved = self.stored(request, issue).forms[WHOLE]
        try:
            return all(
                digest(field.clean(field.widget.value_from_datadict(request.POST, request.FILES, name)))
                == digest(saved.get_initial_for_field(field, name))
                for name, field in saved.fields.items()
            )
        except ValidationError:
            return False

    def compose(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not self.has_add_permission(request):
            return redirect("admin:pages_issue_changelist")
        issue = composing.compose_issue(by=staff_of(request))
        messages.success(
            request, for_staff("A draft with the news since the last issue. Edit it, then look at it and send it.")
        )
        return redirect(reverse("admin:pages_issue_change", args=[issue.pk]))


@admin.register(WeeklyDigest)
class WeeklyDigestAdmin(NoDeleting, admin.ModelAdmin):
    list_display = ["__str__", "is_on", "weekday", "hour"]
    fields = ["is_on", "weekday", "hour"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not WeeklyDigest.objects.exists()


def state_of(issue: Issue) -> dict[str, Any]:
    """Return what the form shows of the sending: how many would get the issue, or how many got it or did not."""
    numbers = issue.dispatches.numbers()
    acts = [name for name, shown in ISSUE_ACTIONS.items() if issue.state in shown.states]
    by_language = dict(issue.recipients().by_language()) if issue.is_open else {}
    recipients = sum(by_language.values())
    is_too_small = issue.segment is not None and recipients < SMALLEST_CELL
    written = issue.shown_languages()
    without_text = {code for code in by_language if code not in written and issue.language_for(code) == written[0]}
    return {
        "issue": issue,
        "wait": settings.NEWSLETTER_WAIT_MINUTES,
        "subscribers": recipients,
        "joining": joining.number_waiting() if issue.is_open else None,
        "is_too_small": issue.is_open and is_too_small,
        "without_text": 0 if is_too_small else sum(by_language[code] for code in without_text),
        "half_translated": [
            (each.name, by_language.get(each.language, 0)) for each in editor.half_translated(issue) if not is_too_small
        ],
        "original_language": name_of(issue.original_language),
        "languages": [(code, name_of(code)) for code in written],
        "numbers": [(label, numbers[state]) for state, label in DispatchState.choices if state in numbers],
        "ended": endings(issue) if issue.begun_at else [],
        "waiting": numbers.get(DispatchState.WAITING, 0),
        "acts": acts,
        "other_acts": [name for name in acts if name not in BEGIN_TO_SEND],
    }


def endings(issue: Issue) -> list[tuple[str, int]]:
    """Return how many of those who got it are subscribers no more, in words."""
    numbers = issue.dispatches.endings(issue)
    labels = [
        ("", for_staff("unsubscribed since")),
        *((ending.value, for_staff("ended by: %(label)s") % {"label": ending.label}) for ending in SubscriptionEnding),
    ]
    return [(label, numbers.get(ending, 0)) for ending, label in labels]
