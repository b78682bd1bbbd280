"""Imports of subscribers for staff: upload a list, look at how it is read, load it, follow it, take it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from campaign.admin.auto_refresh import WatchedAdmin
from campaign.admin.permissions import NoDeleting
from campaign.admin.spreadsheets import download
from campaign.protection.inputs.csv_records import Unusable
from campaign.secrecy.periods.keys import KeyGone
from campaign.supporters.lists import loading, undo, uploads
from campaign.supporters.lists.forms import ImportForm
from campaign.supporters.models import ImportState, SubscriberImport
from campaign.translation import for_staff, for_staff_lazy

NUMBERS = ["rows", "new", "known", "left", "suppressed", "faulty"]
CHANGE_IMPORT = "supporters.change_subscriberimport"
VIEW_IMPORT = "supporters.view_subscriberimport"
# Not how many were taken back: of one row, that would tell whether its owner had asked for news before and not joined.
IMPORT_FIELDS = [
    ("state", "progress", "problem"), tuple(NUMBERS), ("name", "tags", "language"),
    ("proof", "place", "consented_on"), "wording", ("source", "entered_by", "created_at"),
]  # fmt: skip

FIELDS_BEFORE_LOADING = [("rows", "faulty"), *IMPORT_FIELDS[2:]]


@admin.register(SubscriberImport)
class SubscriberImportAdmin(NoDeleting, WatchedAdmin[SubscriberImport]):
    notes_itself = True
    list_display = ["name", "state", "progress", *NUMBERS, "proof", "created_at"]
    list_filter = ["state", "proof"]
    search_fields = ["name", "place", "source"]
    show_full_result_count = False
    ordering = ["-pk"]

    @admin.display(description=for_staff_lazy("progress"))
    def progress(self, one: SubscriberImport) -> str:
        return f"{one.percent} %"

    @admin.display(description=for_staff_lazy("wording"))
    def wording(self, one: SubscriberImport) -> str:
        return one.consent.wording

    def get_form(
        self, request: HttpRequest, obj: SubscriberImport | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[SubscriberImport]]:
        return super().get_form(request, obj, change, **{**kwargs, "fields": []}) if obj else ImportForm

    def get_fields(self, request: HttpRequest, obj: SubscriberImport | None = None) -> Any:
        if obj is None:
            return list(ImportForm.Meta.fields)
        return FIELDS_BEFORE_LOADING if obj.state == ImportState.UPLOADED else IMPORT_FIELDS

    def get_readonly_fields(self, request: HttpRequest, obj: SubscriberImport | None = None) -> Any:
        return [name for row in IMPORT_FIELDS for name in ([row] if isinstance(row, str) else row)] if obj else []

    def save_model(self, request: Any, obj: SubscriberImport, form: Any, change: bool) -> None:
        if not change:
            file = form.cleaned_data.pop("file")
            obj.pk = uploads.receive(
                form.pieces(), checked=form.checked, file=file, by=request.user, **form.cleaned_data
            ).pk

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(
            request, form_url, {"title": for_staff("Upload a list"), **only_save, **(extra_context or {})}
        )

    def response_add(
        self, request: HttpRequest, obj: SubscriberImport, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, for_staff("Nobody is subscribed yet: look at it, then load it."), messages.SUCCESS)
        return redirect("admin:supporters_subscriberimport_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        one = self.get_object(request, object_id)
        shown = preview_for(request.user, one) if one else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        buttons = {"load": self.load, "discard": self.discard, "stop": self.stop, "undo": self.undo}
        wrap = self.admin_site.admin_view
        return [
            *(path(f"<int:pk>/{name}/", wrap(do), name=f"supporters_import_{name}") for name, do in buttons.items()),
            path("<int:pk>/report/", wrap(self.report), name="supporters_import_report"),
            *super().get_urls(),
        ]

    def report(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        if not request.user.has_perm(VIEW_IMPORT):
            raise PermissionDenied
        report = uploads.faults_report(get_object_or_404(SubscriberImport, pk=pk))
        return download(report, f"import-{pk}-report.csv")

    def load(self, request: Any, pk: int) -> HttpResponse:
        return press_button(
            request, pk, lambda one: loading.start(one, by=request.user), for_staff("It is being loaded.")
        )

    def discard(self, request: Any, pk: int) -> HttpResponse:
        return press_button(
            request, pk, lambda one: uploads.discard(one, by=request.user), for_staff("The list is wiped.")
        )

    def stop(self, request: Any, pk: int) -> HttpResponse:
        said = for_staff("Stopped. Whoever was entered stays, until the import is taken back.")
        return press_button(request, pk, lambda one: loading.stop(one, by=request.user), said)

    def undo(self, request: Any, pk: int) -> HttpResponse:
        return press_button(
            request, pk, lambda one: undo.start(one, by=request.user), for_staff("It is being taken back.")
        )


def press_button(request: HttpRequest, pk: int, deed: Callable[[SubscriberImport], bool], said: str) -> HttpResponse:
    """Do what a button says, and lead back to the page of the import."""
    if not request.user.has_perm(CHANGE_IMPORT):
        raise PermissionDenied
    if request.method == "POST":
        if deed(get_object_or_404(SubscriberImport, pk=pk)):
            messages.success(request, said)
        else:
            messages.warning(request, for_staff("Its state does not allow that any more."))
    return redirect("admin:supporters_subscriberimport_change", pk)


def preview_for(user: Any, one: SubscriberImport) -> dict[str, Any]:
    """Return the first rows of a list that waits, for nobody but the person who uploaded it."""
    if one.state != ImportState.UPLOADED or one.entered_by_id != user.pk:
        return {}
    try:
        rows, ignored = uploads.first_rows(one)
    except (Unusable, KeyGone):
        return {"is_unusable": True}
    return {"rows": rows, "ignored": ignored}
