"""Actions on a batch: read the report on its rows, stop it, take it back."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from campaign.admin.spreadsheets import download
from campaign.translation import for_staff
from petitions.admin.paper.sheets import CHANGE, VIEW, PaperPages, demand, note
from petitions.models import PaperBatch
from petitions.paper.imports import loading, reports, undo


class BatchDesk(PaperPages):
    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/report/", self.site.admin_view(self.report), name="petitions_paperbatch_report"),
            path("<int:pk>/stop/", self.site.admin_view(self.stop), name="petitions_paperbatch_stop"),
            path("<int:pk>/undo/", self.site.admin_view(self.undo), name="petitions_paperbatch_undo"),
        ]

    def report(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        demand(request, VIEW)
        return download(reports.report(get_object_or_404(PaperBatch, pk=pk)), f"batch-{pk}-report.csv")

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        said = for_staff("Stopped. What was loaded stays, until it is taken back.")
        return self.act(request, pk, loading.cancel, log="stopped", said=said)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.act(request, pk, undo.start, log="undone", said=for_staff("The batch is being taken back."))

    def act(
        self, request: HttpRequest, pk: int, deed: Callable[[PaperBatch], bool], *, log: str, said: str
    ) -> HttpResponse:
        demand(request, CHANGE)
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
