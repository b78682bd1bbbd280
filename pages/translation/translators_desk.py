"""The translators' desk: what waits in a language, written to a PO file for a program of theirs, and read back."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaign.database import clock
from campaign.revisions.version_views import staff_of
from campaign.translation import for_staff, for_staff_lazy
from pages.translation import overview, po_files

SALT = "a PO file that was read"
KEPT = 3600  # seconds for which a file that was shown can be stored
EVERYTHING = "everything"
needs_editor = permission_required("pages.change_page", raise_exception=True)


class ReturnedFileForm(forms.Form):
    file = forms.FileField(label=for_staff_lazy("PO file"))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > po_files.MOST_BYTES:
            raise ValidationError(for_staff("The file is too large: 2 MB are the most."))
        return bytes(file.read())


def chosen_language(request: HttpRequest) -> str:
    """Return the language that was chosen, or else that of the reader, or else the first there is."""
    languages = dict(settings.LANGUAGES)
    asked = [request.GET.get("language", ""), request.LANGUAGE_CODE, *languages]
    return next(code for code in asked if code in languages and code != settings.LANGUAGE_CODE)


def contents_for(request: HttpRequest) -> list[Any]:
    """Return all content that visitors see and this person may change."""
    models = [model for model in overview.translated_models() if request.user.has_perm(change(model))]
    return [content for model in models for content in overview.newest(model)]


def change(model: Any) -> str:
    return f"{model._meta.app_label}.change_{model._meta.model_name}"


@needs_editor
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return desk(request, ReturnedFileForm())


def desk(request: HttpRequest, form: forms.Form) -> HttpResponse:
    language = chosen_language(request)
    languages = {code: name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
    shown = {
        "languages": languages,
        "chosen": language,
        "waiting": overview.unfinished(language),
        "untold": overview.without_text(language),
        "form": form,
        "everything": EVERYTHING,
    }
    context = {**admin.site.each_context(request), **shown, "title": for_staff("What waits to be translated")}
    return TemplateResponse(request, "admin/translation/desk.html", context)


@needs_editor
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Answer with a PO file of what waits; with `everything`, of all texts, to be read once more."""
    language, now = chosen_language(request), clock.now()
    contents = contents_for(request)
    if EVERYTHING not in request.GET:
        waiting = {content for content, _done, _url in overview.unfinished(language)}
        contents = [content for content in contents if content in waiting]
    answer = HttpResponse(po_files.write(contents, language, at=now), content_type="text/x-gettext-translation")
    name = f"texts-{language}-{now:%Y-%m-%d}.po"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs_editor
@require_POST
def read_back(request: HttpRequest) -> HttpResponse:
    """Show what a file that came back would change."""
    form = ReturnedFileForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data["file"]
        try:
            return preview(request, data)
        except ValidationError as failed:
            form.add_error("file", failed)
    return desk(request, form)


def preview(request: HttpRequest, data: bytes) -> HttpResponse:
    language = chosen_language(request)
    reading = po_files.read(data, contents_for(request), language)
    file = signing.dumps({"data": data.decode(), "seen": reading.digest}, salt=SALT, compress=True)
    name = dict(settings.LANGUAGES)[language]
    title = for_staff("What the file changes in %(language)s") % {"language": name}
    context = {"reading": reading, "file": file, "chosen": language, "language_name": name, "title": title}
    return TemplateResponse(request, "admin/translation/returned.html", {**admin.site.each_context(request), **context})


@needs_editor
@require_POST
def store(request: HttpRequest) -> HttpResponse:
    """Store what a file changes, if that is still what was shown."""
    language = chosen_language(request)
    address = f"{reverse('admin:to_translate')}?language={language}"
    try:
        sent = signing.loads(request.POST.get("file", ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        messages.error(request, for_staff("Nothing was stored: choose the file once more."))
        return redirect(address)
    data = sent["data"].encode()
    reading = po_files.read(data, contents_for(request), language)
    if reading.digest != sent["seen"]:
        messages.warning(request, for_staff("Somebody translated meanwhile. See once more what the file changes."))
        return preview(request, data)
    number = po_files.store(reading, language, is_shown="is_shown" in request.POST, by=staff_of(request))
    messages.success(request, for_staff("Texts stored: %(number)s.") % {"number": number})
    return redirect(address)


VIEWS = {  # by their names, and addresses, in the admin
    "to_translate": show,
    "translations_file": export,
    "translations_returned": read_back,
    "translations_store": store,
}
