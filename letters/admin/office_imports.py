"""Lists of recipients and of areas for staff: upload one, look at what it would change, apply it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import formats

from campaign import audit
from campaign.admin.permissions import NoChanging, NoDeleting
from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.congress import senators
from letters.constituency.congress.chambers import chamber
from letters.constituency.imports import uploads
from letters.constituency.imports.areas import TOLD, AreaDifference, in_words
from letters.constituency.imports.comparison import Nonsense
from letters.constituency.imports.headers import MEMBER_COLUMNS
from letters.constituency.imports.records import label_of
from letters.models import Delivery, ImportFormat, OfficeImport
from letters.models.recipients.recipient_lists import US_SENATE

MOST_MEGABYTES = senators.LARGEST_LIST >> 20
RIGHTS = ["letters.add_officeimport", "letters.add_office", "letters.change_office"]  # together, to apply a list


class UploadForm(forms.ModelForm[OfficeImport]):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy(
            "CSV, XLSX or ODS, %(megabytes)s MB at most; of a spreadsheet the first sheet is read. The first line"
            " names the columns. Of members, %(columns)s are read, and only a name is needed, with the area where"
            " writers find theirs by it; of areas, postal codes (10* for all that begin like this) and their areas."
            " Of the Senate also “legislators-current” of unitedstates/congress-legislators, YAML or JSON. Nothing"
            " changes before you have seen what it would change.",
            megabytes=MOST_MEGABYTES,
            columns=", ".join(MEMBER_COLUMNS),
        ),
    )

    class Meta:
        model = OfficeImport
        fields = ["recipient_list", "format", "source", "as_of"]
        widgets = {
            "as_of": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "source": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [ImportFormat.MEMBERS, ImportFormat.AREAS]
        self.fields["format"] = forms.ChoiceField(
            label=self.fields["format"].label,
            help_text=self.fields["format"].help_text,
            choices=[(kind, kind.label) for kind in kinds],
        )

    def clean(self) -> dict[str, Any]:
        """Read the file, which is another for each list and kind."""
        given = super().clean() or self.cleaned_data
        if not self.errors:
            one = self.instance
            one.recipient_list, one.format = given["recipient_list"], given["format"]
            one.source, one.as_of = given["source"], given["as_of"]
            try:
                uploads.read_file(one, given["file"])
            except ValidationError as error:
                self.add_error("file", error)
            given |= {"source": one.source, "format": one.format}
        return given

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            text = for_staff("The file is larger than %(megabytes)s MB.")
            raise ValidationError(text % {"megabytes": MOST_MEGABYTES})
        return file


@admin.register(OfficeImport)
class OfficeImportAdmin(NoChanging, NoDeleting, admin.ModelAdmin[OfficeImport]):
    list_display = ["source", "recipient_list", "format", "uploaded_at", "applied_at", "number_of_changes"]

    @admin.display(description=for_staff_lazy("changes"))
    def number_of_changes(self, done: OfficeImport) -> int:
        return sum(line[:1] in "+-~" for line in done.changes)

    def get_form(
        self, request: HttpRequest, obj: OfficeImport | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[OfficeImport]]:
        return super().get_form(request, obj, change, **{**kwargs, "fields": []}) if obj else UploadForm

    def get_fields(self, request: HttpRequest, obj: OfficeImport | None = None) -> Any:
        about = ["recipient_list", "format", "source", "as_of"]
        if obj is None:
            return [*about, "file"]
        return [*about, "uploaded_at", *(["applied_at", "changes_as_lines"] if obj.applied_at else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: OfficeImport | None = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    @admin.display(description=for_staff_lazy("changes"))
    def changes_as_lines(self, done: OfficeImport) -> str:
        return "\n".join(done.changes)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        shown = {"title": for_staff("Upload a list"), "can_be_fetched": bool(settings.SENATORS_LIST_URL)}
        return super().add_view(request, form_url, {**shown, **only_save, **(extra_context or {})})

    def response_add(self, request: HttpRequest, obj: OfficeImport, post_url_continue: str | None = None) -> Any:
        self.message_user(request, for_staff("Nothing has changed yet: look at it, then apply it."), messages.SUCCESS)
        return redirect("admin:letters_officeimport_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        one = self.get_object(request, object_id)
        shown = {"title": for_staff("What an upload would change"), **shown_of(one)} if one else {}
        shown["may_apply"] = request.user.has_perms(RIGHTS)
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        wrap, of_one = self.admin_site.admin_view, {"apply": self.apply, "discard": self.discard}
        return [
            path("fetch/", wrap(self.fetch), name="letters_officeimport_fetch"),
            *(path(f"<int:pk>/{name}/", wrap(do), name=f"letters_officeimport_{name}") for name, do in of_one.items()),
            *super().get_urls(),
        ]

    def fetch(self, request: HttpRequest) -> HttpResponse:
        """Do as with a file, with what is at the address that the settings name: nobody types one here."""
        self.refuse_strangers(request)
        if request.method != "POST" or not settings.SENATORS_LIST_URL:
            return redirect("admin:letters_officeimport_add")
        one = OfficeImport(recipient_list=chamber(US_SENATE), source=settings.SENATORS_LIST_URL, applied_at=None)
        try:
            uploads.read_legislators(one, senators.fetch(settings.SENATORS_LIST_URL))
        except (OSError, senators.NotAList) as error:
            text = for_staff("It could not be fetched: %(why)s. You can upload it as a file.")
            messages.error(request, text % {"why": error})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            one.save()
            audit.note("recipients.fetched", by=request.user.get_username(), on=one)
            return self.response_add(request, one)
        return redirect("admin:letters_officeimport_add")

    def apply(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.refuse_strangers(request)
        if request.method == "POST":
            one = get_object_or_404(OfficeImport.objects.select_for_update(), pk=pk)
            level, said = apply_list(one, request)
            messages.add_message(request, level, said)
        return redirect("admin:letters_officeimport_change", pk)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.refuse_strangers(request)
        found = OfficeImport.objects.filter(pk=pk, applied_at=None)
        if request.method == "POST" and (one := found.first()):
            audit.note("recipients.discarded", by=request.user.get_username(), on=one)
            found.delete()
            messages.success(request, for_staff("The list is put away; nothing has changed."))
        return redirect("admin:letters_officeimport_changelist")

    def refuse_strangers(self, request: HttpRequest) -> None:
        if not request.user.has_perms(RIGHTS):
            raise PermissionDenied


def apply_list(one: OfficeImport, request: HttpRequest) -> tuple[int, str]:
    """Apply the list as it was seen, whole or not at all; how loudly to tell what."""
    if one.applied_at:
        return messages.WARNING, for_staff("It has been applied already.")
    seen, release, is_sure = request.POST.get("of", ""), request.POST.getlist("release"), "sure" in request.POST
    try:
        uploads.apply_upload(one, seen=seen, release=release, is_sure=is_sure)
    except Nonsense as error:
        return messages.ERROR, str(error)
    except IntegrityError as error:
        return messages.ERROR, for_staff("Nothing was changed: %(why)s") % {"why": str(error).splitlines()[0]}
    audit.note("recipients.applied", by=request.user.get_username(), on=one)
    return messages.SUCCESS, for_staff("Applied. Letters that wait for who has left are looked at now.")


def shown_of(one: OfficeImport) -> dict[str, Any]:
    """Return what the page of a list shows that has not been applied."""
    if one.applied_at:
        return {"title": str(one)}
    try:
        difference = uploads.difference_of(one)
    except Nonsense as error:
        return {"refused": str(error)}
    if isinstance(difference, AreaDifference):
        rows = [("+", difference.new), ("-", difference.gone)]
        shown = [f"{sign} {in_words(row)}" for sign, found in rows for row in found[:TOLD]]
        return {"areas": difference, "difference": difference, "of": difference.digest(), "rows": shown}
    waiting = Delivery.objects.waiting_by_office(office.pk for office in difference.gone)
    changed = [
        (label_of(name), office, value_in_words(getattr(office, name)), value_in_words(value))
        for office, fields in difference.changed
        for name, value in fields.items()
        if name != "corrected_fields"
    ]
    corrections = [(fix, value_in_words(fix.ours), value_in_words(fix.listed)) for fix in difference.corrections]
    gone = [(office, waiting.get(office.pk, 0)) for office in difference.gone]
    return {
        "difference": difference,
        "of": difference.digest(),
        "changed": changed,
        "corrections": corrections,
        "gone": gone,
    }


def value_in_words(value: object) -> str:
    if isinstance(value, bool):
        return for_staff("yes") if value else for_staff("no")
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return "–" if value is None or value == "" else str(formats.localize(value))
