"""Translating in the admin: the original on one side, its translation on the other."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from pages import richtext, translating
from pages.admin.version_views import may_change, page, staff

SHOWN = "is_shown"
STILL_RIGHT = "still_right"


class TranslationForm(forms.Form):
    """A field for each text; the choice of those outdated ones that are still right; whether visitors may see it."""

    def __init__(self, content: Any, language: str, data: Any = None) -> None:
        super().__init__(data)
        self.lines = translating.lines(content, language)
        for line in self.lines:
            self.fields[line.key] = text_field(line)
        self.fields[STILL_RIGHT] = forms.MultipleChoiceField(
            choices=[(line.key, line.key) for line in self.lines], required=False
        )
        self.fields[SHOWN] = forms.BooleanField(
            label=_("Show this translation to visitors"),
            required=False,
            initial=translating.is_shown(content, language),
            help_text=_("Texts without a translation are shown in the language they were written in."),
        )

    def pairs(self) -> list[tuple[translating.Line, forms.BoundField]]:
        return [(line, self[line.key]) for line in self.lines]

    def texts(self) -> dict[str, str]:
        return {line.key: self.cleaned_data[line.key] for line in self.lines}


def text_field(line: translating.Line) -> forms.Field:
    info: Any = get_language_info(line.language)
    attrs = {"lang": line.language, "dir": "rtl" if info["bidi"] else "ltr"}
    common: dict[str, Any] = {"required": False, "initial": line.translation, "label": line.field.verbose_name}
    if line.is_rich:
        return ProseEditorFormField(extensions=richtext.EXTENSIONS, widget=AdminProseEditorWidget(attrs), **common)
    if line.field.max_length:
        return forms.CharField(max_length=line.field.max_length, widget=AdminTextInputWidget(attrs), **common)
    return forms.CharField(widget=AdminTextareaWidget(attrs), **common)


def urls(site_admin: admin.ModelAdmin) -> list[Any]:
    info = f"{site_admin.opts.app_label}_{site_admin.opts.model_name}"
    wrap = site_admin.admin_site.admin_view
    return [
        path("<path:object_id>/translations/", wrap(partial(overview, site_admin)), name=f"{info}_translations"),
        path(
            "<path:object_id>/translations/<str:language>/", wrap(partial(edit, site_admin)), name=f"{info}_translate"
        ),
    ]


def overview(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    content = may_change(site_admin, request, object_id)
    context = {"progress": translating.progress(content), "title": _("Translations of “%s”") % content}
    return page(site_admin, request, content, "admin/versioned/translations.html", context)


def edit(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str, language: str) -> HttpResponse:
    content: Any = may_change(site_admin, request, object_id)
    name = {entry.language: entry.name for entry in translating.progress(content)}.get(language)
    if name is None:
        raise Http404
    form = TranslationForm(content, language, request.POST or None)
    if form.is_valid():
        return save(site_admin, request, content, language, form)
    title = _("“%(content)s” in %(language)s") % {"content": content, "language": name}
    context = {"form": form, "title": title, "language_name": name, "media": form.media}
    return page(site_admin, request, content, "admin/versioned/translate.html", context)


def save(
    site_admin: admin.ModelAdmin, request: HttpRequest, content: models.Model, language: str, form: TranslationForm
) -> HttpResponse:
    translating.translate(
        content,
        language=language,
        texts=form.texts(),
        still_right=form.cleaned_data[STILL_RIGHT],
        is_shown=form.cleaned_data[SHOWN],
        by=staff(request),
    )
    messages.success(request, _("The translation was saved."))
    opts = site_admin.opts
    return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_translations", args=[content.pk]))
