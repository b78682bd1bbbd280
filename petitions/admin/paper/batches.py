"""Batches of paper signatures for staff: load a file of rows, follow its progress and see the result."""

from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from campaign.admin.auto_refresh import WatchedAdmin
from campaign.admin.permissions import NoDeleting
from campaign.translation import for_staff, for_staff_lazy, for_staff_plural
from petitions.admin.base import OfThePetitionAdmin
from petitions.admin.paper.batch_actions import BatchDesk, preview_for
from petitions.admin.paper.data_entry import TypingDesk
from petitions.admin.paper.sheets import LOAD, PaperDesk, demand
from petitions.models import BatchState, PaperBatch, Rekeying
from petitions.paper.imports import uploads
from petitions.paper.imports.forms import UploadForm
from petitions.paper.sheets import data_entry

COUNTS = ["good", "matched", "faulty", "rejected"]


@admin.register(PaperBatch)
class PaperBatchAdmin(NoDeleting, WatchedAdmin[PaperBatch], OfThePetitionAdmin[PaperBatch]):
    list_display = [
        "number", "sheet_number", "collector", "place", "collected_on", "state", "progress", *COUNTS, "petition",
    ]  # fmt: skip
    list_filter = ["state", "petition"]
    list_select_related = ["sheet"]
    search_fields = ["sheet__pk__exact", "place", "scan__iexact", "source"]
    search_help_text = for_staff_lazy(
        "Number of a sheet, place, file or a whole SHA-256. Signers cannot be searched: their names are sealed."
    )
    show_full_result_count = False
    ordering = ["-pk"]
    told = [
        ("state", "progress", "problem"), (*COUNTS, "undone"), "second_typing", ("collector", "place", "collected_on"),
        ("petition", "wording", "country"), ("sheet_number", "source", "scan_told"), ("entered_by", "created_at"),
    ]  # fmt: skip
    readonly_fields = [
        "petition", "wording", "collector", "place", "collected_on", "sheet_number", "source", "scan_told", "country",
        "state", "progress", *COUNTS, "undone", "second_typing", "problem", "entered_by", "created_at",
    ]  # fmt: skip

    @admin.display(description=for_staff_lazy("number"), ordering="pk")
    def number(self, batch: PaperBatch) -> int:
        return batch.pk

    @admin.display(description=for_staff_lazy("sheet"))
    def sheet_number(self, batch: PaperBatch) -> str:
        return str(batch.sheet) if hasattr(batch, "sheet") else "–"

    @admin.display(description=for_staff_lazy("progress"))
    def progress(self, batch: PaperBatch) -> str:
        if not data_entry.takes_rows(batch):
            return f"{batch.percent} %"
        rows = batch.lines_read
        return for_staff_plural("%(rows)s row typed so far", "%(rows)s rows typed so far", rows) % {"rows": rows}

    @admin.display(description=for_staff_lazy("wording"))
    def wording(self, batch: PaperBatch) -> str:
        return str(batch.text)

    @admin.display(description=for_staff_lazy("SHA-256 of the scan"))
    def scan_told(self, batch: PaperBatch) -> str:
        return batch.scan if batch.is_scanned else for_staff("not scanned")

    @admin.display(description=for_staff_lazy("typed a second time"))
    def second_typing(self, batch: PaperBatch) -> str:
        result = Rekeying.objects.result(batch)
        if not result.done:
            waits = for_staff_plural("%(chosen)s row waits for it", "%(chosen)s rows wait for it", result.chosen)
            return waits % {"chosen": result.chosen} if result.chosen else "–"
        return for_staff(
            "%(done)d of %(chosen)d rows. As typed first: %(right)d, corrected: %(corrected)d, struck out: %(struck)d,"
            " to be settled: %(differing)d. That is %(percent).1f %% errors at first."
        ) % {**result._asdict(), "differing": result.differing, "percent": result.percent_wrong}

    def get_form(
        self, request: HttpRequest, obj: PaperBatch | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[PaperBatch]]:
        return super().get_form(request, obj, change, **{**kwargs, "fields": []}) if obj else UploadForm

    def get_fields(self, request: HttpRequest, obj: PaperBatch | None = None) -> Any:
        if obj is None:
            return list(UploadForm.base_fields)
        return ["state", *self.told[3:]] if obj.state == BatchState.UPLOADED else self.told

    def get_readonly_fields(self, request: HttpRequest, obj: PaperBatch | None = None) -> Any:
        return [] if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: PaperBatch, form: Any, change: bool) -> None:
        if not change:
            file = form.cleaned_data.pop("file")
            about = {**form.cleaned_data, "reading": form.reading, "by": request.user}
            received = uploads.receive(file, form.table.pieces(), **about)
            obj.pk, obj.state = received.pk, received.state

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Load a file, with a permission of its own; whoever may only type is led to what they add: a sheet."""
        if request.method == "GET" and self.has_add_permission(request) and not request.user.has_perm(LOAD):
            return redirect("admin:petitions_paper_register")
        demand(request, LOAD)
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        told = {"title": for_staff("Load a file of rows"), **only_save, **(extra_context or {})}
        return super().add_view(request, form_url, told)

    def response_add(self, request: HttpRequest, obj: PaperBatch, post_url_continue: str | None = None) -> HttpResponse:
        if obj.state == BatchState.UPLOADED:
            said = for_staff("Nothing is counted yet: look at how the file is read, then load it.")
        else:
            said = for_staff("The file is being loaded: see below how far it is.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:petitions_paperbatch_change", obj.pk)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        batch = self.get_object(request, object_id)
        shown = preview_for(request, batch) if batch else {}
        shown["can_type_again"] = batch and Rekeying.objects.open(batch).for_second(request.user).exists()
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        return [
            *BatchDesk(self.admin_site).urls,
            *PaperDesk(self.admin_site).urls,
            *TypingDesk(self.admin_site).urls,
            *super().get_urls(),
        ]
