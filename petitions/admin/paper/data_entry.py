"""The pages where the rows of a sheet are typed, and a sample of them again."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from campaign.staff.editing import retyping
from campaign.translation import for_staff
from petitions.admin.paper.sheets import ADD, PaperPages, demand, note
from petitions.models import PaperBatch, Rekeying
from petitions.paper.imports import loading
from petitions.paper.imports.storage import ImportInterrupted
from petitions.paper.sheets import data_entry, double_entry
from petitions.paper.sheets.data_entry import RejectedRow, SheetFull
from petitions.paper.sheets.forms import ROWS_ON_A_PAGE, AgainForm, PlaceForm, RowFormSet, begin_where_needed, numbered


class TypingDesk(PaperPages):
    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/type/", self.site.admin_view(self.type_rows), name="petitions_paper_type"),
            path("<int:pk>/again/", self.site.admin_view(self.type_again), name="petitions_paper_again"),
        ]

    def type_rows(self, request: Any, pk: int) -> HttpResponse:
        demand(request, ADD)
        batch = get_object_or_404(PaperBatch.objects.for_work(), pk=pk)
        place = PlaceForm(request.POST or None, initial={"first": batch.lines_read + 1})
        rows = RowFormSet(request.POST or None, form_kwargs={"initial": {"country": batch.country}})
        rows.extra = min(rows.extra, ROWS_ON_A_PAGE if batch.rows_left is None else batch.rows_left)
        if request.method != "POST" and not data_entry.takes_rows(batch):
            return redirect("admin:petitions_paperbatch_change", pk)
        reasons = retyping.shown_again(request)
        for reason in reasons:
            messages.warning(request, reason)
        if request.method == "POST" and place.is_valid() and rows.is_valid() and not reasons:
            question = "" if place.cleaned_data["is_asked"] else is_it_done(request, batch, rows, place)
            if question:
                messages.warning(request, question)
                return self.rows(request, batch, rows, place, asks=True)
            return self.entered(request, batch, rows, place.cleaned_data["first"])
        return self.rows(request, batch, rows, place)

    def rows(
        self, request: HttpRequest, batch: PaperBatch, rows: Any, place: PlaceForm, *, asks: bool = False
    ) -> HttpResponse:
        begin_where_needed(rows)
        return self.page(request, "type", batch=batch, place=place, formset=rows, title=batch, asks=asks)

    def entered(self, request: Any, batch: PaperBatch, rows: Any, first: int) -> HttpResponse:
        typed = numbered(rows, first, batch.rows)
        try:
            data_entry.enter(batch, typed, first=first, by=request.user)
        except (ImportInterrupted, SheetFull):
            return self.too_late(request, batch, rows)
        messages.success(request, so_far(batch))
        is_finished = "finish" in request.POST or batch.rows_left == 0
        note(request, "typed", batch, rows=len(typed), is_finished=is_finished)
        if not is_finished:
            return redirect("admin:petitions_paper_type", batch.pk)
        loading.finish(batch)
        return redirect("admin:petitions_paperbatch_change", batch.pk)

    def too_late(self, request: HttpRequest, batch: PaperBatch, rows: Any) -> HttpResponse:
        """Show once more what was typed, numbered after the rows that are already stored."""
        batch.refresh_from_db()
        messages.error(request, why_late(batch, len(numbered(rows, 1, None))))
        place = PlaceForm(initial={"first": batch.lines_read + 1, "is_late": True})
        return self.rows(request, batch, rows, place)

    def type_again(self, request: Any, pk: int) -> HttpResponse:
        demand(request, ADD)
        batch = get_object_or_404(PaperBatch.objects.for_work(), pk=pk)
        rekeying = Rekeying.objects.open(batch).for_second(request.user).first()
        if rekeying is None:
            return self.nothing_left(request, batch)
        is_this_row = request.POST.get("row") == str(rekeying.row)
        form = AgainForm(
            request.POST if is_this_row else None,
            initial={"country": batch.country},
            empty_permitted=False,
            use_required_attribute=False,
        )
        if not form.is_valid():
            return self.again(request, batch, rekeying, form)
        return self.settle(request, batch, rekeying, form)

    def again(self, request: HttpRequest, batch: PaperBatch, rekeying: Rekeying, form: AgainForm) -> HttpResponse:
        begin_where_needed([form])
        shown = {"form": form, "row": rekeying.row, "differs": rekeying.is_equal is False}
        return self.page(request, "again", batch=batch, title=batch, **shown)

    def settle(self, request: Any, batch: PaperBatch, rekeying: Rekeying, form: AgainForm) -> HttpResponse:
        """Compare the typing with the first one, or put it in its place where they differ."""
        if "replace" in request.POST and rekeying.is_equal is False:
            return self.replaced(request, batch, rekeying, form)
        differing = double_entry.compare(rekeying, form.row, by=request.user)
        note(request, "typed-again", batch, row=rekeying.row)
        if not differing:
            messages.success(request, for_staff("Row %(row)d is the same in both typings.") % {"row": rekeying.row})
            return redirect("admin:petitions_paper_again", batch.pk)
        form.tell_differences(differing)
        rekeying.is_equal = False
        return self.again(request, batch, rekeying, form)

    def replaced(self, request: Any, batch: PaperBatch, rekeying: Rekeying, form: AgainForm) -> HttpResponse:
        try:
            with transaction.atomic():
                is_done = double_entry.replace(rekeying, form.row, by=request.user)
        except double_entry.SetAside:
            messages.error(request, for_staff("A moderator has set this row aside: it is theirs to decide about."))
            return redirect("admin:petitions_paperbatch_change", batch.pk)
        except ImportInterrupted:
            messages.error(request, for_staff("Nothing was saved: the batch is being taken back."))
            return redirect("admin:petitions_paperbatch_change", batch.pk)
        if is_done:
            is_struck = isinstance(form.row, RejectedRow)
            note(request, "row-struck" if is_struck else "row-corrected", batch, row=rekeying.row)
            said = for_staff("Row %(row)d is struck out.") if is_struck else for_staff("Row %(row)d is corrected.")
            messages.success(request, said % {"row": rekeying.row})
        return redirect("admin:petitions_paper_again", batch.pk)

    def nothing_left(self, request: HttpRequest, batch: PaperBatch) -> HttpResponse:
        if Rekeying.objects.open(batch).exists():
            messages.warning(
                request, for_staff("You typed the rows that are left: the second typing needs a second person.")
            )
        else:
            messages.info(request, for_staff("No row of this batch is left to be typed again."))
        return redirect("admin:petitions_paperbatch_change", batch.pk)


def is_it_done(request: HttpRequest, batch: PaperBatch, rows: Any, place: PlaceForm) -> str:
    """Return what to ask whoever calls a sheet done whose last rows are empty, or nothing."""
    first = place.cleaned_data["first"]
    is_late = first != batch.lines_read + 1 or not data_entry.takes_rows(batch)
    if "finish" not in request.POST or batch.rows is None or is_late:
        return ""
    typed = numbered(rows, first, batch.rows)
    last = typed[-1][0] if typed else batch.lines_read
    if last >= batch.rows:
        return ""
    told = {"first": last + 1, "rows": batch.rows}
    if last + 1 == batch.rows:
        return for_staff("Nothing was saved yet: row %(rows)s of %(rows)s is empty. Is the sheet done?") % told
    return for_staff("Nothing was saved yet: rows %(first)s to %(rows)s are empty. Is the sheet done?") % told


def so_far(batch: PaperBatch) -> str:
    batch.refresh_from_db()
    return for_staff(
        "Saved. Of this sheet so far: %(good)s counted, %(matched)s known already, %(rejected)s rejected."
    ) % {"good": batch.good, "matched": batch.matched, "rejected": batch.rejected}


def why_late(batch: PaperBatch, typed: int) -> str:
    if not data_entry.takes_rows(batch):
        return for_staff("Nothing was saved: this sheet was finished or taken back meanwhile.")
    if batch.rows_left is not None and batch.rows_left < typed:
        return for_staff(
            "Nothing was saved: this sheet has %(rows)s rows, and those up to %(lines_read)s are saved, by "
            "you or by somebody else. Take out those below that are among them: %(rows_left)s can still be "
            "saved."
        ) % {"rows": batch.rows, "lines_read": batch.lines_read, "rows_left": batch.rows_left}
    return for_staff(
        "Nothing was saved: the rows up to %(lines_read)s of this sheet were saved meanwhile, by you or "
        "by somebody else. Those below are saved only if you tick that they are not among them."
    ) % {"lines_read": batch.lines_read}
