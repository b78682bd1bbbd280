"""The buttons beside an issue of the newsletter, and how it will look."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.models import Issue
from pages.models.newsletter import ForbiddenChange, IssueState
from pages.newsletter import sending
from pages.plaintext import absolute, plain

OPEN = {IssueState.DRAFT, IssueState.SCHEDULED}


@dataclass(frozen=True)
class Act:
    states: set[IssueState]
    do: Callable[[HttpRequest, Issue], str]  # returns what staff are told


def start(request: HttpRequest, issue: Issue) -> str:
    if "is_sure" not in request.POST:
        raise Unsure(_("Tick the box to say that it may go out."))
    number = sending.start(issue, by=staff(request))
    text = ngettext("It is being sent to %(number)d subscriber.", "It is being sent to %(number)d subscribers.", number)
    return text % {"number": number}


def schedule(request: HttpRequest, issue: Issue) -> str:
    send_at = moment(request.POST.get("send_at", ""))
    sending.schedule(issue, send_at=send_at, by=staff(request))
    return _("It will be sent at the time you chose.")


def moment(text: str) -> datetime:
    """A day and time to come, in the time zone of the site."""
    try:
        parsed = parse_datetime(text)
    except ValueError:
        parsed = None
    aware = timezone.make_aware(parsed) if parsed and timezone.is_naive(parsed) else parsed
    if aware is None or aware <= timezone.now():
        raise Unsure(_("Choose a day and a time to come."))
    return aware


def unschedule(request: HttpRequest, issue: Issue) -> str:
    sending.unschedule(issue, by=staff(request))
    return _("It is a draft again and will not be sent by itself.")


def test(request: HttpRequest, issue: Issue) -> str:
    by, language = staff(request), request.POST.get("language", issue.original_language)
    if not by.email:
        raise Unsure(_("Your account has no e-mail address to send a test to."))
    sending.send_test(issue, address=by.email, language=language, by=by)
    return _("A test is on its way to %s.") % by.email


def pause(request: HttpRequest, issue: Issue) -> str:
    sending.pause(issue, by=staff(request))
    return _("Paused. Those who still wait get it when you resume.")


def resume(request: HttpRequest, issue: Issue) -> str:
    sending.resume(issue, by=staff(request))
    return _("It is being sent again, to those who still wait.")


def stop(request: HttpRequest, issue: Issue) -> str:
    sending.stop(issue, by=staff(request))
    return _("Stopped. Those who had been waiting will not get it.")


ACTS = {
    "test": Act(OPEN | {IssueState.PAUSED}, test),
    "start": Act(OPEN, start),
    "schedule": Act({IssueState.DRAFT}, schedule),
    "unschedule": Act({IssueState.SCHEDULED}, unschedule),
    "pause": Act({IssueState.SENDING}, pause),
    "resume": Act({IssueState.PAUSED}, resume),
    "stop": Act({IssueState.SENDING, IssueState.PAUSED}, stop),
}


class Unsure(Exception):
    """Something is missing; the message is for staff."""


def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    issue = allowed(request, pk)
    if request.method != "POST" or name not in ACTS:
        raise Http404
    try:
        messages.success(request, ACTS[name].do(request, issue))
    except Unsure as error:
        messages.error(request, str(error))
    except ForbiddenChange:
        messages.error(request, _("Somebody was faster: look at its state."))
    return redirect(reverse("admin:pages_issue_change", args=[pk]))


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    issue = allowed(request, pk)
    versions = [issue.in_language(code) for code in issue.shown_languages()]
    shown = [(local.language, local.subject, absolute(local.body), plain(absolute(local.body))) for local in versions]
    context = {**admin.site.each_context(request), "title": _("How it will look"), "issue": issue, "shown": shown}
    return TemplateResponse(request, "admin/pages/issue/preview.html", context)


def allowed(request: HttpRequest, pk: int) -> Issue:
    if not request.user.has_perm("pages.send_issue"):
        raise PermissionDenied
    return get_object_or_404(Issue, pk=pk)


def staff(request: HttpRequest) -> Any:
    return request.user
