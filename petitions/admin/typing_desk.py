"""The desk where the rows of a sheet are typed, and a sample of them again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from petitions.admin.paper_desk import ADD, Desk, demand, note
from petitions.models import PaperBatch, Rekeying
from petitions.paper import entering, importing
from petitions.paper.desk_forms import FirstRowForm, RowForm, RowFormSet, begin_where_needed, numbered
from petitions.paper.storing import Interrupted


class TypingDesk(Desk):
    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/type/", self.site.admin_view(self.type_rows), name="petitions_paper_type"),
            path("<int:pk>/again/", self.site.admin_view(self.type_again), name="petitions_paper_again"),
        ]

    def type_rows(self, request: Any, pk: int) -> HttpResponse:
        demand(request, ADD)
        batch = get_object_or_404(PaperBatch.objects.for_work(), pk=pk)
        place = FirstRowForm(request.POST or None, initial={"first": batch.lines_read + 1})
        rows = RowFormSet(request.POST or None, form_kwargs={"initial": {"country": batch.country}})
        if request.method != "POST" and not entering.takes_rows(batch):
            return redirect("admin:petitions_paperbatch_change", pk)
        if request.method == "POST" and place.is_valid() and rows.is_valid():
            return self.entered(request, batch, rows, place.cleaned_data["first"])
        return self.rows(request, batch, rows, place)

    def rows(
        self, request: HttpRequest, batch: PaperBatch, rows: Any, place: FirstRowForm, **told: bool
    ) -> HttpResponse:
        begin_where_needed(rows)
        return self.page(request, "type", batch=batch, place=place, formset=rows, title=batch, **told)

    def entered(self, request: Any, batch: PaperBatch, rows: Any, first: int) -> HttpResponse:
        typed = numbered(rows, first)
        try:
            entering.enter(batch, typed, first=first, by=request.user)
        except Interrupted:
            return self.too_late(request, batch, rows)
        note(request, "typed", batch, rows=len(typed), is_finished="finish" in request.POST)
        messages.success(request, so_far(batch))
        if "finish" not in request.POST:
            return redirect("admin:petitions_paper_type", batch.pk)
        importing.finish(batch)
        return redirect("admin:petitions_paperbatch_change", batch.pk)

    def too_late(self, request: HttpRequest, batch: PaperBatch, rows: Any) -> HttpResponse:
        """What was typed is shown again, behind the rows that are in."""
        batch.refresh_from_db()
        messages.error(request, why_late(batch))
        place = FirstRowForm(initial={"first": batch.lines_read + 1})
        return self.rows(request, batch, rows, place, is_late=True)

    def type_again(self, request: Any, pk: int) -> HttpResponse:
        demand(request, ADD)
        batch = get_object_or_404(PaperBatch.objects.for_work(), pk=pk)
        rekeying = Rekeying.objects.open(batch).for_second(request.user).first()
        if rekeying is None:
            return self.nothing_left(request, batch)
        is_this_row = request.POST.get("row") == str(rekeying.row)
        form = RowForm(
            request.POST if is_this_row else None,
            initial={"country": batch.country},
            empty_permitted=False,
            use_required_attribute=False,
        )
        if not form.is_valid():
            begin_where_needed([form])
            return self.page(request, "again", form=form, batch=batch, row=rekeying.row, title=batch)
        entering.compare(rekeying, form.row, by=request.user)
        note(request, "typed-again", batch, row=rekeying.row)
        return redirect("admin:petitions_paper_again", pk)

    def nothing_left(self, request: HttpRequest, batch: PaperBatch) -> HttpResponse:
        if Rekeying.objects.open(batch).exists():
            messages.warning(request, _("You typed the rows that are left: the second typing needs a second person."))
        else:
            messages.info(request, _("No row of this batch is left to be typed again."))
        return redirect("admin:petitions_paperbatch_change", batch.pk)


def so_far(batch: PaperBatch) -> str:
    batch.refresh_from_db()
    told = {name: getattr(batch, name) for name in ("good", "matched", "rejected")}
    said = _("Saved. Of this sheet so far: %(good)d counted, %(matched)d known already, %(rejected)d rejected.")
    return said % told


def why_late(batch: PaperBatch) -> str:
    if not entering.takes_rows(batch):
        return _("Nothing was saved: this sheet was finished or taken back meanwhile.")
    told = _(
        "Nothing was saved: the rows up to %(last)d of this sheet were saved meanwhile, by you or by somebody else."
        " Save those below only if they are not among them."
    )
    return told % {"last": batch.lines_read}
