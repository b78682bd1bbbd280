"""The admin of the library: staff upload pictures, documents and films, see where each is used, delete unused ones."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models, transaction
from django.forms.widgets import Script
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaign.revisions import history
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.languages import name_of
from pages.admin.content import ContentAdmin
from pages.media import uses
from pages.models import Document, Film, Picture
from pages.models.media import Uploaded
from pages.publishing.translatable import LANGUAGE_NAMES
from pages.uploads import documents, films, folders, pictures


class UploadForm(forms.ModelForm):
    """Asks for the file of a new entry; an entry that has one may be given another, shown wherever the first was."""

    file: forms.FileField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            file = self.fields["file"]
            file.required, file.label = False, for_staff("Another file instead")
            file.help_text = for_staff(
                "It is shown wherever this one is; “History” brings this one back. %(help_text)s"
            ) % {"help_text": file.help_text}

    def clean_file(self) -> Any:
        if not self.cleaned_data["file"]:
            return None
        made = self.made_from(self.cleaned_data["file"])
        others = type(self.instance).objects.with_file(made.digest).exclude(pk=self.instance.pk)
        if known := others.first():
            raise forms.ValidationError(
                for_staff("This file is in the library already: “%(known)s”.") % {"known": known}
            )
        return made

    def made_from(self, file: Any) -> Any:
        raise NotImplementedError


class PictureForm(UploadForm):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy(
            "JPEG, PNG, WebP or AVIF, up to 15 MB. What a camera writes into it, such as the place, is removed."
        ),
        widget=forms.FileInput({"accept": ".jpg,.jpeg,.png,.webp,.avif"}),
    )

    def made_from(self, file: Any) -> pictures.Renditions:
        return pictures.renditions_from(file)


class DocumentForm(UploadForm):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy("PDF or plain text, up to 20 MB. Its author, scripts and attached files are removed."),
        widget=forms.FileInput({"accept": ".pdf,.txt"}),
    )

    def made_from(self, file: Any) -> documents.Kept:
        return documents.kept_from(file)


class FilmForm(UploadForm):
    file = forms.FileField(
        label=for_staff_lazy("File"),
        help_text=for_staff_lazy(
            "MP4 with H.264 and AAC, which every browser shows, or WebM; up to 300 MB, 1280 by 720 is plenty. What a"
            " phone writes into it, such as the place, is removed; what can be seen and heard stays as it is."
        ),
        widget=forms.FileInput({"accept": ".mp4,.mov,.m4v,.webm"}),
    )

    def made_from(self, file: Any) -> films.Kept:
        return films.kept_from(file)


class LibraryAdmin(ContentAdmin):
    kind: str  # of the folder, as in pages/uploads/folders.py
    shown: list[str]  # fields of an entry that has been uploaded
    words: list[Any]
    search_fields = ["title"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": [*(self.shown if obj else []), "file", *self.words]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else []

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Protect what is used anywhere, by drafts as well as by published content."""
        deletable, counts, lacking, protected = super().get_deleted_objects(objs, request)
        used = [use for entry in objs for use in uses.uses_of(entry)]
        return deletable, counts, lacking, [*protected, *map(links_to_uses, used)]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        digests = obj.digests()
        super().delete_model(request, obj)
        for digest in digests:
            transaction.on_commit(partial(folders.remove_folder, self.kind, digest))

    @admin.display(description=for_staff_lazy("used in"))
    def used_in(self, entry: models.Model) -> SafeString | str:
        found = uses.uses_of(entry)
        return format_html_join(", ", "{}", ((links_to_uses(use),) for use in found)) or for_staff(
            "nowhere; it can be deleted"
        )


def record_earlier(entry: Uploaded) -> None:
    """Keep the file that an entry has in a version: those of older releases did not have it."""
    if stored := type(entry).objects.filter(pk=entry.pk).first():
        history.record(stored, by=None, note="as it was before", is_noted=False)


def links_to_uses(content: models.Model) -> SafeString:
    where = reverse(f"admin:{content._meta.label_lower.replace('.', '_')}_change", args=[content.pk])
    return format_html('<a href="{}">{}</a>', where, content)


class LacksWords(admin.SimpleListFilter):
    """Pictures of which a language has no words for people who do not see them."""

    title = for_staff_lazy("what can be seen, not said in")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, name) for code, name in LANGUAGE_NAMES.items() if code != settings.LANGUAGE_CODE]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() not in LANGUAGE_NAMES:
            return queryset
        words = f"translations__{self.value()}__alt"
        return queryset.filter(models.Q(**{f"{words}__isnull": True}) | models.Q(**{words: ""}))


@admin.register(Picture)
class PictureAdmin(LibraryAdmin):
    form = PictureForm
    kind = folders.PICTURES
    list_display = ["small", "title", "credit", "created_at"]
    list_display_links = ["small", "title"]
    list_filter = [LacksWords]
    shown = ["large", "used_in"]
    words = ["title", "alt", "caption", "credit", ("focus_x", "focus_y")]

    class Media:
        js = [Script("admin_look/focus.js", type="module")]

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        made = form.cleaned_data["file"]
        if made:
            record_earlier(obj)
            made.keep(obj.focus)
            obj.digest, obj.width, obj.height = made.digest, made.width, made.height
        else:
            pictures.keep_card(obj.digest, obj.focus)
        super().save_model(request, obj, form, change)

    @admin.display(description=for_staff_lazy("picture"))
    def small(self, picture: Picture) -> SafeString:
        return format_html('<img class="thumbnail" src="{}" alt="{}">', picture.card, picture.alt)

    @admin.display(description=for_staff_lazy("picture"))
    def large(self, picture: Picture) -> SafeString:
        return format_html(
            '<img class="whole" data-focus src="{}" alt="{}"> <img class="thumbnail" src="{}" alt="{}">',
            picture.src,
            picture.alt,
            picture.card,
            for_staff("As it is cut beside links"),
        )


@admin.register(Document)
class DocumentAdmin(LibraryAdmin):
    form = DocumentForm
    kind = folders.DOCUMENTS
    list_display = ["title", "name", "language", "created_at"]
    shown = ["download", "used_in"]
    words = ["title", "language"]

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        kept = form.cleaned_data["file"]
        if kept:
            record_earlier(obj)
            kept.keep()
            obj.digest, obj.name, obj.size = kept.digest, kept.name, len(kept.content)
        super().save_model(request, obj, form, change)

    @admin.display(description=for_staff_lazy("file"))
    def download(self, document: Document) -> SafeString:
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), document.name)


@admin.register(Film)
class FilmAdmin(LibraryAdmin):
    form = FilmForm
    kind = folders.FILMS
    list_display = ["title", "length", "language", "created_at"]
    shown = ["watch", "captions_in", "used_in"]
    words = ["title", "language", "captions"]

    def save_model(self, request: HttpRequest, obj: Film, form: Any, change: bool) -> None:
        kept = form.cleaned_data["file"]
        if kept:
            record_earlier(obj)
            kept.keep()
            obj.digest, obj.name, obj.size = kept.digest, kept.name, kept.size
            obj.seconds, obj.width, obj.height = kept.seconds, kept.width, kept.height
        super().save_model(request, obj, form, change)

    @admin.display(description=for_staff_lazy("film"))
    def watch(self, film: Film) -> SafeString:
        return render_to_string("components/film.html", {"film": film, "label": film.title})

    @admin.display(description=for_staff_lazy("captions"))
    def captions_in(self, film: Film) -> str:
        """Say in which languages there are captions, and in which there is something else instead of them."""
        told = ", ".join(map(name_of, film.captioned)) or for_staff(
            "none: who cannot hear it does not know what is said"
        )
        unusable = [name_of(code) for code in film.languages_written if code not in film.captioned]
        if not unusable:
            return told
        return for_staff("%(told)s. Not shown, as these are no captions: %(languages)s") % {
            "told": told,
            "languages": ", ".join(unusable),
        }
