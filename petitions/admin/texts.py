"""The wording of a petition: drafts can be written, fixed texts read, and all languages compared.

A public text stays as it is, and a change of it begins as a draft.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field, Max, QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaign import audit
from campaign.admin.permissions import NoDeleting, ReadOnly
from campaign.appeals.models import SOURCE_LANGUAGE, Visibility
from campaign.revisions import history
from campaign.revisions.version_views import staff_of
from campaign.translation import for_staff, for_staff_lazy
from petitions.models import Petition, PetitionText
from petitions.signing import consent
from petitions.signing.forms import form_for

LANGUAGE_NAMES = dict(settings.LANGUAGES)
TEXT_FIELDS_COPIED = ["addressee", "asked_by", "title", "summary", "body", "history"]


class WrittenTexts(BaseInlineFormSet):
    def clean(self) -> None:
        """Require a public text in the source language unless the petition is a draft."""
        super().clean()
        written = [form.cleaned_data for form in self.forms if form.cleaned_data]
        has_source = any(text.get("language") == SOURCE_LANGUAGE and not text["is_draft"] for text in written)
        fixed = self.instance.pk and self.instance.texts.filter(language=SOURCE_LANGUAGE, is_draft=False).exists()
        if self.instance.visibility != Visibility.DRAFT and not has_source and not fixed:
            raise ValidationError(
                for_staff("Before it is published, the petition needs an English text that is no draft.")
            )


class TextInline(NoDeleting, admin.StackedInline[PetitionText, Petition]):
    """Texts that can still be written: drafts, and all texts while the petition itself is a draft."""

    model = PetitionText
    formset = WrittenTexts
    verbose_name_plural = for_staff_lazy("texts that can be changed")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionText]:
        return PetitionText.objects.changeable()

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name != "language":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.ChoiceField(
            label=db_field.verbose_name,
            help_text=db_field.help_text,
            choices=settings.LANGUAGES,
            initial=SOURCE_LANGUAGE,
        )

    def get_extra(self, request: HttpRequest, obj: Petition | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class FixedTextInline(ReadOnly, admin.StackedInline[PetitionText, Petition]):
    model = PetitionText
    verbose_name_plural = for_staff_lazy("texts that are fixed")
    classes = ["collapse"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionText]:
        return PetitionText.objects.fixed()


def known_language(language: str) -> str:
    if language not in LANGUAGE_NAMES:
        raise Http404
    return language


@permission_required("petitions.view_petition", raise_exception=True)
@require_safe
def side_by_side(request: HttpRequest, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    newest: dict[str, dict[str, PetitionText]] = {code: {} for code in LANGUAGE_NAMES}
    for text in reversed(petition.texts.all()):
        if text.language in LANGUAGE_NAMES:
            newest[text.language]["draft" if text.is_draft else "public"] = text
    rows = [(code, LANGUAGE_NAMES[code], texts) for code, texts in newest.items()]
    context = {**admin.site.each_context(request), "title": for_staff("Texts"), "petition": petition, "rows": rows}
    return render(request, "admin/petitions/petition/texts.html", context)


@permission_required("petitions.change_petition", raise_exception=True)
@require_POST
def new_version(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    history.remember(petition)
    begin_version(petition, known_language(language), by=request.user.get_username())
    history.record(petition, by=staff_of(request), is_noted=False)
    return redirect("admin:petitions_petition_change", pk)


@transaction.atomic
def begin_version(petition: Petition, language: str, *, by: str) -> PetitionText:
    """Return the draft in `language`, or begin one.

    A new draft is a copy of the text that its readers are shown until then (`Petition.text_in`).
    """
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
    draft = petition.texts.filter(language=language, is_draft=True).first()
    if draft:
        return draft
    newest = petition.texts.aggregate(version=Max("version"))["version"] or 0
    words = {name: getattr(petition.text_in(language), name) for name in TEXT_FIELDS_COPIED}
    text = PetitionText.objects.create(petition=petition, language=language, version=newest + 1, is_draft=True, **words)
    audit.note("text.begun", by=by, on=text, language=language, version=text.version)
    return text


@permission_required("petitions.view_petition", raise_exception=True)
@require_safe
@never_cache
def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Render the petition's page as it would be, drafts included."""
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    petition.shows_drafts = True
    with translation.override(known_language(language)):
        context = {
            "petition": petition,
            "form": form_for(petition),
            "consent": consent.wording(petition),
            "is_preview": True,
        }
        return render(request, "petitions/petition.html", context)
