"""What the buttons of a newsletter issue do, and its preview."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone

from campaign.staff.editing.moments import ComingMomentField
from campaign.translation import for_staff, for_staff_plural
from campaign.web.languages import name_of
from pages.content import checks
from pages.models import Issue
from pages.models.newsletter import ForbiddenChange, IssueState, TooFewRecipients
from pages.newsletter import sending
from pages.publishing.plaintext import absolute_links, html_to_text
from pages.translation import editor

OPEN = {IssueState.DRAFT, IssueState.SCHEDULED}


@dataclass(frozen=True)
class IssueAction:
    states: set[IssueState]
    do: Callable[[HttpRequest, Issue], str]  # returns what staff are told


def start(request: HttpRequest, issue: Issue) -> str:
    if "is_sure" not in request.POST:
        raise Unsure(for_staff("Tick the box to say that it may go out."))
    demand_faultless(issue)
    tell_half_translated(request, issue)
    if settings.NEWSLETTER_WAIT_MINUTES:
        return announce(request, issue)
    number = sending.start(issue, by=staff(request))
    return for_staff_plural(
        "It is being sent to %(number)s subscriber.", "It is being sent to %(number)s subscribers.", number
    ) % {"number": number}


def announce(request: HttpRequest, issue: Issue, send_at: datetime | None = None) -> str:
    sending.schedule(issue, send_at=send_at, by=staff(request))
    at = formats.date_format(timezone.localtime(issue.send_at), "DATETIME_FORMAT")
    return for_staff("All who may send are told, and each of them can stop it until it goes out: %(at)s") % {"at": at}


def schedule(request: HttpRequest, issue: Issue) -> str:
    demand_faultless(issue)
    send_at = chosen_moment(request)
    tell_half_translated(request, issue)
    return announce(request, issue, send_at)


def chosen_moment(request: HttpRequest) -> datetime:
    try:
        return ComingMomentField().clean(request.POST.get("send_at", ""))
    except ValidationError as error:
        raise Unsure(" ".join(error.messages)) from error


def demand_faultless(issue: Issue) -> None:
    """Raise Unsure if something in it would be wrong for everybody who gets it."""
    if faults := [remark.text for remark in checks.remarks(issue) if remark.is_fault]:
        raise Unsure(for_staff("It was not sent. %(why)s") % {"why": " ".join(faults)})


def tell_half_translated(request: HttpRequest, issue: Issue) -> None:
    if names := [each.name for each in editor.half_translated(issue)]:
        told = {"languages": ", ".join(names), "original": name_of(issue.original_language)}
        words = for_staff(
            "Readers of these languages get all of it in %(original)s, as the translation is not whole: %(languages)s."
        )
        messages.warning(request, words % told)


def unschedule(request: HttpRequest, issue: Issue) -> str:
    sending.unschedule(issue, by=staff(request))
    return for_staff("It is a draft again and will not be sent. All who may send are told.")


def test(request: HttpRequest, issue: Issue) -> str:
    by, language = staff(request), request.POST.get("language", issue.original_language)
    if not by.email:
        raise Unsure(for_staff("Your account has no e-mail address to send a test to."))
    sending.send_test(issue, address=by.email, language=language, by=by)
    return for_staff("A test is on its way to %(email)s.") % {"email": by.email}


def pause(request: HttpRequest, issue: Issue) -> str:
    sending.pause(issue, by=staff(request))
    return for_staff("Paused. Those who still wait get it when you resume.")


def resume(request: HttpRequest, issue: Issue) -> str:
    sending.resume(issue, by=staff(request))
    return for_staff("It is being sent again, to those who still wait.")


def stop(request: HttpRequest, issue: Issue) -> str:
    if "is_sure" not in request.POST:
        raise Unsure(for_staff("Tick the box to say that those who still wait shall not get it."))
    sending.stop(issue, by=staff(request))
    return for_staff("Stopped. Those who had been waiting will not get it, unless you send it to them after all.")


ISSUE_ACTIONS = {
    "test": IssueAction(OPEN | {IssueState.PAUSED}, test),
    "start": IssueAction({IssueState.DRAFT}, start),
    "schedule": IssueAction({IssueState.DRAFT}, schedule),
    "unschedule": IssueAction({IssueState.SCHEDULED}, unschedule),
    "pause": IssueAction({IssueState.SENDING}, pause),
    "resume": IssueAction({IssueState.PAUSED, IssueState.STOPPED}, resume),
    "stop": IssueAction({IssueState.SENDING, IssueState.PAUSED}, stop),
}


BEGIN_TO_SEND = {"start", "schedule"}


class Unsure(Exception):
    """The request lacks something; the message tells staff what."""


def act_on_issue(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    issue = allowed_issue(request, pk)
    if request.method != "POST" or name not in ISSUE_ACTIONS:
        raise Http404
    try:
        messages.success(request, ISSUE_ACTIONS[name].do(request, issue))
    except Unsure as error:
        messages.error(request, str(error))
    except ForbiddenChange:
        messages.error(request, for_staff("Somebody was faster: look at its state."))
    except TooFewRecipients:
        messages.error(
            request, for_staff("Its segment has fewer than ten subscribers now, and no issue goes to so few.")
        )
    return redirect(reverse("admin:pages_issue_change", args=[pk]))


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    issue = allowed_issue(request, pk)
    versions = [issue.in_language(code) for code in issue.shown_languages()]
    shown = [
        (local.language, local.subject, absolute_links(local.body), html_to_text(absolute_links(local.body)))
        for local in versions
    ]
    context = {
        **admin.site.each_context(request),
        "title": for_staff("How it will look"),
        "issue": issue,
        "shown": shown,
    }
    return TemplateResponse(request, "admin/pages/issue/preview.html", context)


def allowed_issue(request: HttpRequest, pk: int) -> Issue:
    if not request.user.has_perm("pages.send_issue"):
        raise PermissionDenied
    return get_object_or_404(Issue, pk=pk)


def staff(request: HttpRequest) -> Any:
    return request.user
