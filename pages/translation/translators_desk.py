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

from campaign.admin.permissions import may_view
from campaign.database import clock
from campaign.revisions.version_views import staff_of
from campaign.safety_sentences import number_read, safety_sentences
from campaign.translation import for_staff, for_staff_lazy
from pages.translation import overview, po_files

SALT = "a PO file that was read"
MOST_SENT_BACK = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 10_000  # characters, in a form
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


def contents_for(request: HttpRequest, language: str) -> list[Any]:
    """Return all content that visitors see, that this person may change, and that was written in another language."""
    return [
        content
        for model in overview.translated_models()
        for content in overview.newest(model)
        if content.original_language != language
        and admin.site.get_model_admin(model).has_change_permission(request, content)
    ]


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
        "waiting": waiting(request, language),
        "untold": untold(request, language),
        "form": form,
        "everything": EVERYTHING,
        "sentences": [(each, each.in_language(language), each.reading_in(language)) for each in safety_sentences()],
        "sentences_read": number_read(language),
    }
    context = {**admin.site.each_context(request), **shown, "title": for_staff("What waits to be translated")}
    return TemplateResponse(request, "admin/translation/desk.html", context)


def untold(request: HttpRequest, language: str) -> list[tuple[Any, str]]:
    """Return what says nothing in the language, with the page where it is written for whoever may open that."""
    return [(each, url if may_view(request.user, type(each)) else "") for each, url in overview.without_text(language)]


def waiting(request: HttpRequest, language: str) -> list[Any]:
    """Return what lacks something, as `overview.unfinished`, of what this person may change."""
    mine = set(contents_for(request, language))
    return [each for each in overview.unfinished(language) if each[0] in mine]


@needs_editor
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Answer with a PO file of what waits; with `everything`, of all texts, to be read once more."""
    language, now = chosen_language(request), clock.now()
    contents = contents_for(request, language)
    if EVERYTHING not in request.GET:
        contents = [content for content, _done, _url in waiting(request, language)]
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
    """Raises ValidationError for what cannot be read, or cannot be sent back to be stored."""
    language = chosen_language(request)
    reading = po_files.read(data, contents_for(request, language), language)
    seen = {"language": language, "rows": [change.seen for change in reading.changes]}
    sealed = signing.dumps(seen, salt=SALT, compress=True)
    if len(sealed) > MOST_SENT_BACK:
        raise ValidationError(for_staff("This changes too much to be stored at once: send it in parts."))
    name = dict(settings.LANGUAGES)[language]
    title = for_staff("What the file changes in %(language)s") % {"language": name}
    context = {"reading": reading, "file": sealed, "chosen": language, "language_name": name, "title": title}
    return TemplateResponse(request, "admin/translation/returned.html", {**admin.site.each_context(request), **context})


@needs_editor
@require_POST
def store(request: HttpRequest) -> HttpResponse:
    """Store what was shown, unless anybody has changed one of these texts meanwhile."""
    try:
        seen = signing.loads(request.POST.get("file", ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        messages.error(request, for_staff("Nothing was stored: choose the file once more."))
        return redirect("admin:to_translate")
    language, is_shown = seen["language"], "is_shown" in request.POST
    contents = contents_for(request, language)
    try:
        number = po_files.store(seen["rows"], contents, language, is_shown=is_shown, by=staff_of(request))
    except po_files.Changed:
        messages.warning(request, for_staff("Somebody changed these texts meanwhile: choose the file once more."))
    else:
        messages.success(request, for_staff("Texts stored: %(number)s.") % {"number": number})
    return redirect(f"{reverse('admin:to_translate')}?language={language}")


VIEWS = {  # by their names, and addresses, in the admin
    "to_translate": show,
    "translations_file": export,
    "translations_returned": read_back,
    "translations_store": store,
}
