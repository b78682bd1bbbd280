"""The pages where sheets are printed and registered on return; their rows are typed in data_entry."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from campaign import audit
from campaign.translation import for_staff
from petitions.admin.base import only_petition
from petitions.models import PaperBatch
from petitions.paper.imports.loading import AlreadyLoaded
from petitions.paper.sheets import printing
from petitions.paper.sheets.forms import PrintForm, RegisterForm

VIEW, ADD, LOAD, CHANGE = (f"petitions.{act}_paperbatch" for act in ("view", "add", "load", "change"))


class PaperPages:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        base = {**self.site.each_context(request), "opts": PaperBatch._meta}
        return render(request, f"admin/petitions/paper/{template}.html", {**base, **context})


class PaperDesk(PaperPages):
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
            return self.page(
                request, "form", form=form, title=for_staff("Print sheets"), button=for_staff("Make the PDF")
            )
        pdf = printing.print_sheets(**form.cleaned_data, by=request.user)
        note(request, "printed", form.cleaned_data["petition"], sheets=form.cleaned_data["copies"])
        named = {"Content-Disposition": 'attachment; filename="sheets.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=named)

    def register(self, request: Any) -> HttpResponse:
        demand(request, ADD)
        form = RegisterForm(request.POST or None, initial=only_petition() | as_before(request.GET.get("like", "")))
        if request.method != "POST" or not form.is_valid():
            return self.page(
                request, "form", form=form, title=for_staff("Type a paper sheet"), button=for_staff("Go on to its rows")
            )
        try:
            batch = form.register(request.user)
        except AlreadyLoaded as already:
            messages.error(request, for_staff("This sheet was registered meanwhile."))
            return redirect("admin:petitions_paperbatch_change", already.batch.pk)
        note(request, "registered", batch)
        return redirect("admin:petitions_paper_type", batch.pk)


def note(request: HttpRequest, act: str, on: Model, **numbers: int) -> None:
    audit.note(f"paper.{act}", by=request.user.get_username(), on=on, **numbers)


def as_before(pk: str) -> dict[str, Any]:
    """Return what the next sheet of a pile has in common with the last one, whose batch is `pk`."""
    last = PaperBatch.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    names = ("petition", "collector", "place", "collected_on", "country")
    return {**{name: getattr(last, name) for name in names}, "language": last.text.language} if last else {}


def demand(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
