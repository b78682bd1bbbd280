"""The desk for paper: print sheets, register what came back. Its rows are typed at another (typing_desk.py)."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from campaign import audit
from petitions.admin.of_a_petition import only_petition
from petitions.models import PaperBatch
from petitions.paper import sheets
from petitions.paper.desk_forms import PrintForm, RegisterForm

VIEW, ADD, CHANGE = (f"petitions.{act}_paperbatch" for act in ("view", "add", "change"))


class Desk:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        base = {**self.site.each_context(request), "opts": PaperBatch._meta}
        return render(request, f"admin/petitions/paper/{template}.html", {**base, **context})


class PaperDesk(Desk):
    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("print/", self.site.admin_view(self.print_sheets), name="petitions_paper_print"),
            path("register/", self.site.admin_view(self.register), name="petitions_paper_register"),
        ]

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


def note(request: HttpRequest, act: str, on: Model, **numbers: int) -> None:
    audit.note(f"paper.{act}", by=request.user.get_username(), on=on, **numbers)


def as_before(pk: str) -> dict[str, Any]:
    """What the next sheet of a pile has in common with the last one, whose batch is `pk`."""
    last = PaperBatch.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    names = ("petition", "collector", "place", "collected_on", "country")
    return {**{name: getattr(last, name) for name in names}, "language": last.text.language} if last else {}


def demand(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
