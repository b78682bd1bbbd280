"""The desk for paper: print sheets, register what came back, type its rows, type a sample again."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from campaign import audit
from petitions.admin.beginning import only_petition
from petitions.models import PaperBatch, Rekeying
from petitions.paper import importing, sheets, typing
from petitions.paper.desk_forms import PrintForm, RegisterForm, RowForm, RowFormSet
from petitions.paper.storing import Interrupted

ADD, CHANGE = "petitions.add_paperbatch", "petitions.change_paperbatch"


class PaperDesk:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("print/", self.site.admin_view(self.print_sheets), name="petitions_paper_print"),
            path("register/", self.site.admin_view(self.register), name="petitions_paper_register"),
            path("<int:pk>/type/", self.site.admin_view(self.type_rows), name="petitions_paper_type"),
            path("<int:pk>/again/", self.site.admin_view(self.type_again), name="petitions_paper_again"),
        ]

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        base = {**self.site.each_context(request), "opts": PaperBatch._meta}
        return render(request, f"admin/petitions/paper/{template}.html", {**base, **context})

    def print_sheets(self, request: Any) -> HttpResponse:
        demand(request, ADD)
        form = PrintForm(request.POST or None, initial=only_petition())
        if request.method != "POST" or not form.is_valid():
            return self.page(request, "form", form=form, title=_("Print sheets"), button=_("Make the PDF"))
        pdf = sheets.print_sheets(**form.cleaned_data, by=request.user)
        note(request, "printed", form.cleaned_data["petition"], sheets=form.cleaned_data["copies"])
        named = {"Content-Disposition": 'attachment; filename="sheets.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=named)

    def register(self, request: Any) -> HttpResponse:
        demand(request, ADD)
        form = RegisterForm(request.POST or None, initial=only_petition() | as_before(request.GET.get("like", "")))
        if request.method != "POST" or not form.is_valid():
            return self.page(request, "form", form=form, title=_("Register a sheet"), button=_("Go on to its rows"))
        batch = form.register(request.user)
        note(request, "registered", batch)
        return redirect("admin:petitions_paper_type", batch.pk)

    def type_rows(self, request: Any, pk: int) -> HttpResponse:
        demand(request, CHANGE)
        batch = get_object_or_404(PaperBatch.objects.for_work(), pk=pk)
        if not typing.takes_rows(batch):
            return redirect("admin:petitions_paperbatch_change", pk)
        rows = RowFormSet(request.POST or None, form_kwargs={"initial": {"country": batch.country}})
        if request.method == "POST" and rows.is_valid():
            return self.entered(request, batch, [form for form in rows if form.has_changed()])
        return self.page(request, "type", batch=batch, formset=rows, title=batch, first=batch.lines_read + 1)

    def entered(self, request: Any, batch: PaperBatch, forms: list[RowForm]) -> HttpResponse:
        try:
            typing.enter(batch, [form.row for form in forms])
        except Interrupted:
            messages.error(
                request, _("Somebody else typed into this batch meanwhile, or it was stopped. Nothing was saved.")
            )
            return redirect("admin:petitions_paperbatch_change", batch.pk)
        note(request, "typed", batch, rows=len(forms), is_finished="finish" in request.POST)
        if "finish" not in request.POST:
            return redirect("admin:petitions_paper_type", batch.pk)
        importing.finish(batch)
        return redirect("admin:petitions_paperbatch_change", batch.pk)

    def type_again(self, request: Any, pk: int) -> HttpResponse:
        demand(request, CHANGE)
        batch = get_object_or_404(PaperBatch.objects.for_work(), pk=pk)
        if batch.entered_by_id == request.user.pk:
            raise PermissionDenied("the second typing needs a second person")
        rekeying = Rekeying.objects.open(batch).first()
        if rekeying is None:
            return redirect("admin:petitions_paperbatch_change", pk)
        form = RowForm(
            request.POST or None,
            initial={"country": batch.country},
            empty_permitted=False,
            use_required_attribute=False,
        )
        if request.method != "POST" or not form.is_valid():
            return self.page(request, "again", form=form, batch=batch, row=rekeying.row, title=batch)
        typing.compare(rekeying, form.row, by=request.user)
        note(request, "typed-again", batch, row=rekeying.row)
        return redirect("admin:petitions_paper_again", pk)


def note(request: HttpRequest, act: str, on: Model, **numbers: int) -> None:
    audit.note(f"paper.{act}", by=request.user.get_username(), on=on, **numbers)


def as_before(pk: str) -> dict[str, Any]:
    """What the next sheet of a pile has in common with the last one, whose batch is `pk`."""
    last = PaperBatch.objects.filter(pk=pk).first() if pk.isdecimal() else None
    names = ("petition", "collector", "place", "collected_on", "country")
    return {**{name: getattr(last, name) for name in names}, "language": last.text.language} if last else {}


def demand(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
