"""Translate content in the admin: the original on one side, its translation on the other."""

import json
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import get_language_info
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from campaign.revisions import history
from campaign.revisions.version_views import may_change, page, staff_of
from campaign.staff.editing import conflicts, retyping
from campaign.translation import for_staff, for_staff_lazy
from pages.publishing import richtext
from pages.translation import editor

IS_SHOWN_FIELD = "is_shown"
STILL_RIGHT = "still_right"
TEXTS, ORIGINALS = "texts", "originals"


class TranslationForm(forms.Form):
    """A field for each text, the choice of outdated ones that are still right, and whether visitors see the result."""

    def __init__(self, content: Any, language: str, data: Any = None) -> None:
        super().__init__(data)
        self.content, self.language = content, language
        self.lines = editor.lines(content, language)
        for line in self.lines:
            self.fields[line.key] = text_field(line)
        self.fields[STILL_RIGHT] = forms.MultipleChoiceField(
            choices=[(line.key, line.key) for line in self.lines], required=False
        )
        self.fields[IS_SHOWN_FIELD] = forms.BooleanField(
            label=for_staff("Show this translation to visitors"),
            required=False,
            initial=editor.is_shown(content, language),
            help_text=for_staff_lazy(
                "Visitors read it once every text is translated. Until then they read all of it as it was written."
            ),
        )

    @property
    def opened(self) -> str:
        """Return digests of what the page shows, by which a later POST detects what somebody else changed meanwhile."""
        stored = TranslationForm(self.content, self.language)
        originals = {line.key: conflicts.digest(line.original) for line in stored.lines}
        return json.dumps({TEXTS: conflicts.digests_of(stored), ORIGINALS: originals})

    def clean(self) -> dict[str, Any] | None:
        seen = conflicts.parse(self.data.get(conflicts.SEEN, ""))
        for line in self.lines:
            self.clean_words(line)
        if seen is not None:
            self.refuse_conflicts(seen.get(TEXTS, {}), seen.get(ORIGINALS, {}))
        return super().clean()

    def clean_words(self, line: editor.TranslatedText) -> None:
        if words := self.cleaned_data.get(line.key):
            try:
                self.cleaned_data[line.key] = line.row.clean_words(line.name, words)
            except ValidationError as error:
                self.add_error(line.key, error)

    def refuse_conflicts(self, texts: dict[str, str], originals: dict[str, str]) -> None:
        is_refused = conflicts.mark(self, texts, TranslationForm(self.content, self.language))
        for line in [line for line in self.lines if conflicts.digest(line.original) != originals.get(line.key)]:
            is_refused = True
            if line.key in originals:
                words = for_staff("The original was changed meanwhile. See whether this still says the same.")
            else:
                words = for_staff("Added meanwhile.")
                conflicts.show_stored(self, line.key, line.translation)
            self.add_error(line.key, words)
        if is_refused:
            self.add_error(None, conflicts.name_and_number(self.content))

    def pairs(self) -> list[tuple[editor.TranslatedText, forms.BoundField, str]]:
        """Return each text with its field, and with what was changed in the original since it was translated."""
        changed = editor.differences(self.content, self.lines)
        return [(line, self[line.key], changed.get(line.key, "")) for line in self.lines]

    def outdated(self) -> list[tuple[editor.TranslatedText, forms.BoundField]]:
        return [(line, self[line.key]) for line in self.lines if line.is_outdated]

    def texts(self) -> dict[str, str]:
        return {line.key: self.cleaned_data[line.key] for line in self.lines}


def text_field(line: editor.TranslatedText) -> forms.Field:
    info: Any = get_language_info(line.language)
    attrs = {"lang": line.language, "dir": "rtl" if info["bidi"] else "ltr"}
    common: dict[str, Any] = {"required": False, "initial": line.translation, "label": line.field.verbose_name}
    if line.is_rich:
        return ProseEditorFormField(extensions=richtext.EXTENSIONS, widget=AdminProseEditorWidget(attrs), **common)
    is_long = isinstance(line.field, models.TextField)
    widget = AdminTextareaWidget(attrs) if is_long else AdminTextInputWidget(attrs)
    return forms.CharField(max_length=line.field.max_length, widget=widget, **common)


def translation_urls(site_admin: admin.ModelAdmin) -> list[Any]:
    info = f"{site_admin.opts.app_label}_{site_admin.opts.model_name}"
    wrap = site_admin.admin_site.admin_view
    return [
        path(
            "<path:object_id>/translations/",
            wrap(partial(translation_overview, site_admin)),
            name=f"{info}_translations",
        ),
        path(
            "<path:object_id>/translations/<str:language>/", wrap(partial(edit, site_admin)), name=f"{info}_translate"
        ),
    ]


def translation_overview(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    content = may_change(site_admin, request, object_id)
    context = {
        "progress": editor.progress(content),
        "title": for_staff("Translations of “%(content)s”") % {"content": content},
    }
    return page(site_admin, request, content, "admin/versioned/translations.html", context)


def edit(site_admin: admin.ModelAdmin, request: HttpRequest, object_id: str, language: str) -> HttpResponse:
    content: Any = may_change(site_admin, request, object_id)
    if request.method == "POST":
        content = history.rows_like(content).select_for_update(of=("self",), no_key=True).get(pk=content.pk)
    name = {entry.language: entry.name for entry in editor.progress(content)}.get(language)
    if name is None:
        raise Http404
    form = TranslationForm(content, language, request.POST or None)
    reasons = retyping.shown_again(request)
    for reason in reasons:
        messages.warning(request, reason)
    if form.is_valid() and not reasons:
        return save(site_admin, request, content, language, form)
    title = for_staff("“%(content)s” in %(name)s") % {"content": content, "name": name}
    context = {"form": form, "title": title, "language_name": name, "media": form.media}
    return page(site_admin, request, content, "admin/versioned/translate.html", context)


def save(
    site_admin: admin.ModelAdmin, request: HttpRequest, content: models.Model, language: str, form: TranslationForm
) -> HttpResponse:
    editor.translate(
        content,
        language=language,
        texts=form.texts(),
        still_right=form.cleaned_data[STILL_RIGHT],
        is_shown=form.cleaned_data[IS_SHOWN_FIELD],
        by=staff_of(request),
    )
    messages.success(request, for_staff("The translation was saved."))
    opts = site_admin.opts
    return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_translations", args=[content.pk]))
