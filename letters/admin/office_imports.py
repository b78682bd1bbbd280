"""Lists of senators for staff: upload or fetch one, look at what it would change, release corrections, apply it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import formats

from campaign import audit
from campaign.admin.permissions import NoChanging, NoDeleting
from campaign.translation import for_staff, for_staff_lazy
from letters.constituency.congress import senator_import, senators
from letters.constituency.congress.senator_import import Nonsense
from letters.models import Delivery, OfficeImport

MOST_MEGABYTES = senators.LARGEST_LIST >> 20
RIGHTS = ["letters.add_officeimport", "letters.add_office", "letters.change_office"]  # together, to apply a list


def read_list(text: str) -> list[senators.Entry]:
    """Return the entries of a list that can be compared. Raises ValidationError."""
    try:
        entries = senators.read_entries(text)
        senator_import.compare_with_offices(*senators.records_of(entries))
    except senators.NotAList as error:
        why = for_staff("It cannot be read as a list of legislators: %(why)s") % {"why": str(error)[:300]}
        raise ValidationError(why) from error
    except Nonsense as error:
        raise ValidationError(str(error)) from error
    return entries


class SenatorListForm(forms.ModelForm[OfficeImport]):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy(
            "“legislators-current” of unitedstates/congress-legislators, YAML or JSON, %(megabytes)s MB at most."
            " Nothing changes before you have seen what it would change.",
            megabytes=MOST_MEGABYTES,
        ),
    )

    class Meta:
        model = OfficeImport
        fields: tuple[str, ...] = ()

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            text = for_staff("The file is larger than %(megabytes)s MB.")
            raise ValidationError(text % {"megabytes": MOST_MEGABYTES})
        try:
            self.instance.entries = read_list(file.read().decode())
        except UnicodeDecodeError as error:
            raise ValidationError(for_staff("The file is not a text in UTF-8.")) from error
        self.instance.source, self.instance.applied_at = (file.name or "")[:300], None
        return file


@admin.register(OfficeImport)
class OfficeImportAdmin(NoChanging, NoDeleting, admin.ModelAdmin[OfficeImport]):
    list_display = ["source", "uploaded_at", "applied_at", "number_of_changes"]

    @admin.display(description=for_staff_lazy("changes"))
    def number_of_changes(self, done: OfficeImport) -> int:
        return sum(line[:1] in "+-~" for line in done.changes)

    def get_form(
        self, request: HttpRequest, obj: OfficeImport | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[OfficeImport]]:
        return super().get_form(request, obj, change, **{**kwargs, "fields": []}) if obj else SenatorListForm

    def get_fields(self, request: HttpRequest, obj: OfficeImport | None = None) -> Any:
        if obj is None:
            return ["file"]
        return ["source", "uploaded_at", *(["applied_at", "changes_as_lines"] if obj.applied_at else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: OfficeImport | None = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    @admin.display(description=for_staff_lazy("changes"))
    def changes_as_lines(self, done: OfficeImport) -> str:
        return "\n".join(done.changes)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        shown = {"title": for_staff("Upload a list of senators"), "can_be_fetched": bool(settings.SENATORS_LIST_URL)}
        return super().add_view(request, form_url, {**shown, **only_save, **(extra_context or {})})

    def response_add(self, request: HttpRequest, obj: OfficeImport, post_url_continue: str | None = None) -> Any:
        self.message_user(request, for_staff("Nothing has changed yet: look at it, then apply it."), messages.SUCCESS)
        return redirect("admin:letters_officeimport_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        one = self.get_object(request, object_id)
        shown = {"title": for_staff("What a list of senators would change"), **shown_of(one)} if one else {}
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
        try:
            entries = read_list(senators.fetch(settings.SENATORS_LIST_URL))
        except (OSError, senators.NotAList) as error:
            text = for_staff("It could not be fetched: %(why)s. You can upload it as a file.")
            messages.error(request, text % {"why": error})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            one = OfficeImport.objects.create(source=settings.SENATORS_LIST_URL, entries=entries, applied_at=None)
            audit.note("senators.fetched", by=request.user.get_username(), on=one)
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
            audit.note("senators.discarded", by=request.user.get_username(), on=one)
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
    records, left_out = senators.records_of(one.entries or [])
    try:
        with transaction.atomic():
            senator_import.apply_list(
                records,
                left_out,
                seen=request.POST.get("of", ""),
                release=request.POST.getlist("release"),
                is_sure="sure" in request.POST,
                source=one.source,
                proposal=one,
            )
    except Nonsense as error:
        return messages.ERROR, str(error)
    except IntegrityError as error:
        return messages.ERROR, for_staff("Nothing was changed: %(why)s") % {"why": str(error).splitlines()[0]}
    audit.note("senators.applied", by=request.user.get_username(), on=one)
    return messages.SUCCESS, for_staff("Applied. Letters that wait for who has left are looked at now.")


def shown_of(one: OfficeImport) -> dict[str, Any]:
    """Return what the page of a list shows that has not been applied."""
    if one.applied_at:
        return {"title": str(one)}
    try:
        difference = senator_import.compare_proposal(*senators.records_of(one.entries or []), one)
    except Nonsense as error:
        return {"refused": str(error)}
    waiting = Delivery.objects.waiting_by_office(office.pk for office in difference.gone)
    changed = [
        (senators.label_of(name), office, in_words(getattr(office, name)), in_words(value))
        for office, fields in difference.changed
        for name, value in fields.items()
    ]
    corrections = [(fix, in_words(fix.ours), in_words(fix.listed)) for fix in difference.corrections]
    gone = [(office, waiting.get(office.pk, 0)) for office in difference.gone]
    return {
        "difference": difference,
        "of": difference.digest(),
        "changed": changed,
        "corrections": corrections,
        "gone": gone,
    }


def in_words(value: object) -> str:
    if isinstance(value, bool):
        return for_staff("yes") if value else for_staff("no")
    return "–" if value is None or value == "" else str(formats.localize(value))
