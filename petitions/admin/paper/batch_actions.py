"""Actions on a batch: say how its file is read, load it, wipe it, read the report, stop it, take it back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from campaign.admin.spreadsheets import download
from campaign.protection.inputs.csv_records import Unusable
from campaign.secrecy.periods.keys import KeyGone
from campaign.translation import for_staff
from petitions.admin.paper.sheets import CHANGE, LOAD, VIEW, PaperPages, demand, note
from petitions.models import BatchState, PaperBatch
from petitions.paper.imports import loading, reports, undo, uploads
from petitions.paper.imports.forms import ReadingForm
from petitions.paper.imports.rows import Person
from petitions.paper.imports.uploads import Preview


class BatchDesk(PaperPages):
    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/load/", self.site.admin_view(self.load), name="petitions_paperbatch_load"),
            path("<int:pk>/discard/", self.site.admin_view(self.discard), name="petitions_paperbatch_discard"),
            path("<int:pk>/report/", self.site.admin_view(self.report), name="petitions_paperbatch_report"),
            path("<int:pk>/stop/", self.site.admin_view(self.stop), name="petitions_paperbatch_stop"),
            path("<int:pk>/undo/", self.site.admin_view(self.undo), name="petitions_paperbatch_undo"),
        ]

    def report(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        demand(request, VIEW)
        return download(reports.report(get_object_or_404(PaperBatch, pk=pk)), f"batch-{pk}-report.csv")

    def load(self, request: Any, pk: int) -> HttpResponse:
        """Load a file as its first rows were shown; where they would now be read otherwise, show them first."""
        demand(request, LOAD)
        batch = get_object_or_404(PaperBatch, pk=pk)
        if request.method == "POST":
            try:
                form = reading_form(request, batch)
                if form.is_valid():
                    self.load_or_show(request, batch, form)
                else:
                    messages.error(request, for_staff("Choose again how the file is read."))
            except (Unusable, KeyGone):
                messages.error(request, for_staff("The file cannot be read so."))
        return redirect("admin:petitions_paperbatch_change", pk)

    def load_or_show(self, request: Any, batch: PaperBatch, form: ReadingForm) -> None:
        """Raises Unusable."""
        try:
            shown = uploads.preview(batch, form.chosen)
        except Unusable:  # it has other columns in this encoding
            shown = uploads.preview(batch, replace(form.chosen, columns=None))
        if shown.reading != form.shown:
            uploads.read_otherwise(batch, shown.reading)
            messages.info(request, for_staff("The file is read otherwise now: look at its first rows, then load it."))
        elif "load" in request.POST and not shown.problem:
            if uploads.start(batch, by=request.user):
                messages.success(request, for_staff("The file is being loaded: see below how far it is."))
            else:
                messages.warning(request, for_staff("Its state does not allow that any more."))

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = for_staff("The file is wiped.")
        return self.act(request, pk, uploads.discard, log="discarded", said=said, permission=LOAD)

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = for_staff("Stopped. What was loaded stays, until it is taken back.")
        return self.act(request, pk, loading.cancel, log="stopped", said=said)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.act(request, pk, undo.start, log="undone", said=for_staff("The batch is being taken back."))

    def act(
        self,
        request: HttpRequest,
        pk: int,
        deed: Callable[[PaperBatch], bool],
        *,
        log: str,
        said: str,
        permission: str = CHANGE,
    ) -> HttpResponse:
        demand(request, permission)
        if request.method == "POST":
            batch = get_object_or_404(PaperBatch, pk=pk)
            if note_deed(request, batch, deed, log):
                messages.success(request, said)
            else:
                messages.warning(request, for_staff("Its state does not allow that any more."))
        return redirect("admin:petitions_paperbatch_change", pk)


@transaction.atomic
def note_deed(request: HttpRequest, batch: PaperBatch, deed: Callable[[PaperBatch], bool], log: str) -> bool:
    """Act on the batch and record it in the audit; return whether the batch's state allowed it."""
    is_done = deed(batch)
    if is_done:
        note(request, log, batch, rows=batch.good)
    return is_done


def reading_form(request: Any, batch: PaperBatch) -> ReadingForm:
    """Return the form with how a file is read, for nobody but who uploaded it. Raises Unusable, KeyGone."""
    if not may_preview(request.user, batch):
        raise PermissionDenied
    return ReadingForm(request.POST or None, shown=uploads.preview(batch))


def may_preview(user: Any, batch: PaperBatch) -> bool:
    return batch.state == BatchState.UPLOADED and batch.entered_by_id == user.pk and user.has_perm(LOAD)


def preview_for(request: Any, batch: PaperBatch) -> dict[str, Any]:
    """Return what the page of a batch shows of a file that waits, and to whom."""
    if not may_preview(request.user, batch):
        return {"may_discard": batch.state == BatchState.UPLOADED and request.user.has_perm(LOAD)}
    try:
        shown = uploads.preview(batch)
    except (Unusable, KeyGone):
        return {"may_discard": True, "is_unusable": True}
    return {"may_discard": True, "shown": shown, "reading": ReadingForm(None, shown=shown), "rows": told_rows(shown)}


def told_rows(shown: Preview) -> list[dict[str, Any]]:
    return [
        {"number": number, "person": row} if isinstance(row, Person) else {"number": number, "reason": row.label}
        for number, row in shown.rows
    ]
