"""The page that a mailed stop link leads to: one button, for whoever has the link, logged in or not."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaign.staff.dual_control import workflow
from campaign.staff.dual_control.models import Stage
from campaign.staff.dual_control.stop_links import StopLink
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.decorators import personal_page

TITLES = {Stage.WAITING: for_staff_lazy("Stop this?"), Stage.STOPPED: for_staff_lazy("It is stopped")}


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop_act(request: HttpRequest, token: str) -> HttpResponse:
    link = StopLink.read(token)
    if link and request.method == "POST":
        workflow.stop_by_link(link)
    act = link and link.act()
    title = TITLES.get(act.stage) if link and act and (act.stopped_at or link.is_of(act)) else None
    shown = {"act": act, "is_usable": title is not None, "title": title or for_staff("This link cannot be used")}
    context = {**admin.site.each_context(request), **shown}
    return render(request, "admin/dual_control/stop.html", context, status=200 if title else 404)
