"""The admin of rehearsals of the whole site: begin one, end it, and read the mail that was not sent."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import ReadOnly
from campaign.outbox import rehearsals
from campaign.outbox.admin.items import KindFilter
from campaign.outbox.models import Rehearsal, RehearsedMail
from campaign.translation import for_staff, for_staff_lazy

SWITCH = "outbox.switch_rehearsal"
READ = "outbox.read_rehearsedmail"
ACTS = {
    "begin": (
        rehearsals.begin,
        for_staff_lazy("The rehearsal has begun: mail leaves to staff only, and letters go to the sandbox."),
    ),
    "end": (rehearsals.end, for_staff_lazy("The rehearsal is over: mail and letters leave to everybody again.")),
}


@admin.register(Rehearsal)
class RehearsalAdmin(ReadOnly, admin.ModelAdmin[Rehearsal]):
    list_display = ["id", "began_at", "begun_by", "ended_at", "ended_by"]
    fields = ["began_at", "begun_by", "ended_at", "ended_by"]
    ordering = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.switch)
        return [path("switch/", view, name="outbox_rehearsal_switch"), *super().get_urls()]

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Say what a rehearsal does, or what its end does; by post, begin or end it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.switched(request)
        running = rehearsals.current()
        context = {
            **self.admin_site.each_context(request),
            "rehearsal": running,
            "may_switch": request.user.has_perm(SWITCH),
        }
        context |= {
            "waiting": rehearsals.waiting() if running else 0,
            "title": for_staff("Rehearsal of the whole site"),
        }
        return render(request, "admin/outbox/rehearsal/switch.html", context)

    def switched(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act")
        if not request.user.has_perm(SWITCH) or act not in ACTS:
            raise PermissionDenied
        perform, words = ACTS[act]
        if perform(by=request.user.get_username()):
            self.message_user(request, words, messages.SUCCESS)
        else:
            self.message_user(request, for_staff("Somebody has done that already."), messages.INFO)
        return redirect("admin:outbox_rehearsal_switch")


@admin.register(RehearsedMail)
class RehearsedMailAdmin(ReadOnly, admin.ModelAdmin[RehearsedMail]):
    list_display = ["id", "made_at", "kind", "language", "rehearsal"]
    list_filter = [KindFilter, "rehearsal"]
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: RehearsedMail | None = None) -> Any:
        read = ["as_it_would_have_left"] if request.user.has_perm(READ) else []
        return ["made_at", "kind", "language", "rehearsal", *read]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    @admin.display(description=for_staff_lazy("as it would have left, without what only the mailbox may know"))
    def as_it_would_have_left(self, mail: RehearsedMail) -> str:
        return mail.words or for_staff("Its words cannot be read any more.")
