"""Paper signatures for staff: load a file of rows, see how far it is, read the report, stop it, take it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaign import audit
from petitions.admin.of_a_petition import OfThePetitionAdmin
from petitions.admin.paper_desk import PaperDesk
from petitions.admin.typing_desk import TypingDesk
from petitions.admin.watched import WatchedAdmin
from petitions.models import PaperBatch, Rekeying
from petitions.paper import entering, importing, reports, undoing, uploads
from petitions.paper.forms import UploadForm

COUNTS = ["good", "matched", "faulty", "rejected"]


@admin.register(PaperBatch)
class PaperBatchAdmin(WatchedAdmin[PaperBatch], OfThePetitionAdmin[PaperBatch]):
    list_display = ["number", "petition", "state", "progress", *COUNTS, "collector", "place", "collected_on"]
    list_filter = ["state", "petition"]
    search_fields = ["collector", "place", "scan", "source"]
    search_help_text = _("Collector, place, file or scan. Signers cannot be searched: their names are sealed.")
    show_full_result_count = False
    ordering = ["-pk"]
    told = [
        ("state", "progress", "problem"), (*COUNTS, "undone"), "second_typing", ("collector", "place", "collected_on"),
        ("petition", "wording", "country"), ("source", "scan_told"), ("entered_by", "created_at"),
    ]  # fmt: skip
    readonly_fields = [
        "petition", "wording", "collector", "place", "collected_on", "source", "scan_told", "country", "state",
        "progress", *COUNTS, "undone", "second_typing", "problem", "entered_by", "created_at",
    ]  # fmt: skip

    @admin.display(description=_("number"), ordering="pk")
    def number(self, batch: PaperBatch) -> int:
        return batch.pk

    @admin.display(description=_("progress"))
    def progress(self, batch: PaperBatch) -> str:
        if not entering.takes_rows(batch):
            return f"{batch.percent} %"
        rows = {"number": batch.lines_read}
        return ngettext("%(number)d row typed so far", "%(number)d rows typed so far", batch.lines_read) % rows

    @admin.display(description=_("wording"))
    def wording(self, batch: PaperBatch) -> str:
        return str(batch.text)

    @admin.display(description=_("SHA-256 of the scan"))
    def scan_told(self, batch: PaperBatch) -> str:
        return batch.scan if batch.is_scanned else gettext("not scanned")

    @admin.display(description=_("typed a second time"))
    def second_typing(self, batch: PaperBatch) -> str:
        chosen, done, wrong = Rekeying.objects.result(batch)
        if not done:
            waits = ngettext("%(chosen)d row waits for it", "%(chosen)d rows wait for it", chosen)
            return waits % {"chosen": chosen} if chosen else "–"
        told = {"done": done, "chosen": chosen, "wrong": wrong, "rate": f"{100 * wrong / done:.1f}"}
        return gettext("%(done)d of %(chosen)d rows; different: %(wrong)d, that is %(rate)s %% errors") % told

    def get_form(
        self, request: HttpRequest, obj: PaperBatch | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[PaperBatch]]:
        return super().get_form(request, obj, change, **{**kwargs, "fields": []}) if obj else UploadForm

    def get_fields(self, request: HttpRequest, obj: PaperBatch | None = None) -> Any:
        return list(UploadForm.base_fields) if obj is None else self.told

    def get_readonly_fields(self, request: HttpRequest, obj: PaperBatch | None = None) -> Any:
        return [] if obj is None else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: PaperBatch | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: PaperBatch, form: Any, change: bool) -> None:
        if not change:
            obj.pk = uploads.receive(**form.cleaned_data, by=request.user).pk

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/report/", self.admin_site.admin_view(self.report), name="petitions_paperbatch_report"),
            path("<int:pk>/stop/", self.admin_site.admin_view(self.stop), name="petitions_paperbatch_stop"),
            path("<int:pk>/undo/", self.admin_site.admin_view(self.undo), name="petitions_paperbatch_undo"),
            *PaperDesk(self.admin_site).urls,
            *TypingDesk(self.admin_site).urls,
            *super().get_urls(),
        ]

    def report(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = reports.report(get_object_or_404(PaperBatch, pk=pk))
        named = {"Content-Disposition": f'attachment; filename="batch-{pk}-report.csv"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=named)

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.act(
            request, pk, importing.cancel, "stopped", _("Stopped. What was loaded stays, until it is taken back.")
        )

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.act(request, pk, undoing.start, "undone", _("The batch is being taken back."))

    def act(
        self, request: HttpRequest, pk: int, deed: Callable[[PaperBatch], bool], log: str, said: Any
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:petitions_paperbatch_change", pk)
        batch = get_object_or_404(PaperBatch, pk=pk)
        with transaction.atomic():
            if is_done := deed(batch):
                audit.note(f"paper.{log}", by=request.user.get_username(), on=batch, rows=batch.good)
        if is_done:
            self.message_user(request, said, messages.SUCCESS)
        else:
            self.message_user(request, _("Its state does not allow that any more."), messages.WARNING)
        return redirect("admin:petitions_paperbatch_change", pk)
