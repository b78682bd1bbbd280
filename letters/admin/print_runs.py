"""The admin of print runs: print all for an office at a click, post it as one, take that back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from campaign import audit
from campaign.admin.permissions import NoAdding, NoDeleting
from campaign.translation import for_staff, for_staff_plural
from letters.delivery.paper import print_runs
from letters.delivery.paper.pdf import batch_pdf
from letters.models import Delivery, Office, PrintRun

READ = "letters.read_letter"


@admin.register(PrintRun)
class PrintRunAdmin(NoAdding, NoDeleting, admin.ModelAdmin[PrintRun]):
    notes_itself = True
    list_display = ["office", "letter_count", "printed_at", "printed_by", "posted_at", "posted_by", "undone_at"]
    list_filter = [("posted_at", admin.EmptyFieldListFilter), ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["office"]
    search_fields = ["office__name", "office__directory_id"]
    readonly_fields = [
        "office", "letter_count", "printed_at", "printed_by", "posted_at", "posted_by", "undone_at", "undone_by",
    ]  # fmt: skip
    fields = [*readonly_fields]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = print_runs.waiting_by_office() if request.user.has_perm(READ) else []
        return super().changelist_view(request, {**(extra_context or {}), "waiting": waiting})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        shown: dict[str, Any] = {}
        if run:
            out = list(print_runs.taken_out(run).with_letter())
            may_read = request.user.has_perm(READ)
            names = [(one.print_number, name_of_writer(one) if may_read else "") for one in out]
            shown = {"taken_out": names, "number_left": print_runs.letters_of(run).count() - len(out)}
            shown |= {"may_read": may_read, "may_post": self.has_change_permission(request, run)}
        only_buttons = {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().change_view(request, object_id, form_url, {**shown, **only_buttons, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        of_one = {"pdf": self.pdf, "post": self.post, "undo": self.undo}
        return [
            path("office/<int:pk>/", wrap(self.print_for_office), name="letters_printrun_print"),
            *(path(f"<int:pk>/{name}/", wrap(do), name=f"letters_printrun_{name}") for name, do in of_one.items()),
            *super().get_urls(),
        ]

    def print_for_office(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Print what waits for the office; its file is then on the page of the run."""
        refuse_unless(request.user.has_perm(READ))
        office = get_object_or_404(Office, pk=pk)
        if request.method != "POST":
            return redirect("admin:letters_printrun_changelist")
        try:
            with transaction.atomic():
                run = print_runs.print_for_office(office, by=request.user.get_username())
                self.note(request, run, "print-run.printed")
        except print_runs.NothingToPrint:
            messages.warning(request, for_staff("Nothing is to be printed for this office any more."))
            return redirect("admin:letters_printrun_changelist")
        return redirect("admin:letters_printrun_change", run.pk)

    def pdf(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give out the letters that still stand, each with its number in the run; each reading is recorded."""
        refuse_unless(request.user.has_perm(READ))
        run = get_object_or_404(PrintRun.objects.select_related("office"), pk=pk)
        if request.method != "POST":
            return redirect("admin:letters_printrun_change", pk)
        out = print_runs.taken_out(run).values("pk")
        deliveries = list(print_runs.letters_of(run).readable().exclude(pk__in=out).with_letter())
        self.note(request, run, "print-run.read")
        headers = {"Content-Disposition": f'attachment; filename="letters-{run.office.directory_id}-{run.pk}.pdf"'}
        return HttpResponse(batch_pdf(run.office, deliveries), content_type="application/pdf", headers=headers)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        seen = [int(number) for number in request.POST.getlist("seen") if number.isdecimal()]
        return self.settle(request, pk, "print-run.posted", lambda run, by: print_runs.post(run, by=by, seen=seen))

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.settle(request, pk, "print-run.undone", lambda run, by: print_runs.undo(run, by=by))

    def settle(self, request: HttpRequest, pk: int, act: str, do: Callable[[PrintRun, str], int]) -> HttpResponse:
        run = get_object_or_404(PrintRun, pk=pk)
        refuse_unless(self.has_change_permission(request, run))
        if request.method == "POST":
            try:
                with transaction.atomic():
                    number = do(run, request.user.get_username())
                    self.note(request, run, act)
            except print_runs.WithdrawnSince:
                messages.error(request, for_staff("Letters were withdrawn meanwhile: take their paper out first."))
            except print_runs.Settled:
                messages.warning(request, for_staff("The run was posted or undone meanwhile."))
            else:
                text = for_staff_plural("%(done)s letter changed.", "%(done)s letters changed.", number)
                messages.success(request, text % {"done": number})
        return redirect("admin:letters_printrun_change", pk)

    def note(self, request: HttpRequest, run: PrintRun, act: str) -> None:
        audit.note(act, by=request.user.get_username(), on=run)
        self.log_change(request, run, act)


def name_of_writer(delivery: Delivery) -> str:
    """Return the name that stands on the paper; empty if it was erased."""
    constituent = delivery.letter.constituent
    return constituent.sender.full_name if constituent.private else ""


def refuse_unless(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
