"""The wording of a petition: drafts to be written, what is fixed to be read, each language beside the others."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaign.read_only import ReadOnly
from petitions import consent, wording
from petitions.forms import form_for
from petitions.models import Petition, PetitionText
from petitions.models.petition import SOURCE_LANGUAGE, Visibility

LANGUAGES = dict(settings.LANGUAGES)


class WrittenTexts(BaseInlineFormSet):
    def clean(self) -> None:
        """A petition that is public has a public text in the source language."""
        super().clean()
        written = [form.cleaned_data for form in self.forms if form.cleaned_data]
        has_source = any(text.get("language") == SOURCE_LANGUAGE and not text["is_draft"] for text in written)
        fixed = self.instance.pk and self.instance.texts.filter(language=SOURCE_LANGUAGE, is_draft=False).exists()
        if self.instance.visibility != Visibility.DRAFT and not has_source and not fixed:
            raise ValidationError(_("Before it is published, the petition needs an English text that is no draft."))


class TextInline(admin.StackedInline[PetitionText, Petition]):
    """What can still be written: drafts, and everything while the petition itself is one."""

    model = PetitionText
    formset = WrittenTexts
    verbose_name_plural = _("texts that can be changed")
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

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


class FixedTextInline(ReadOnly, admin.StackedInline[PetitionText, Petition]):
    model = PetitionText
    verbose_name_plural = _("texts that are fixed")
    classes = ["collapse"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionText]:
        return PetitionText.objects.fixed()


def known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


@permission_required("petitions.view_petition", raise_exception=True)
@require_safe
def side_by_side(request: HttpRequest, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    newest: dict[str, dict[str, PetitionText]] = {code: {} for code in LANGUAGES}
    for text in reversed(petition.texts.all()):
        if text.language in LANGUAGES:
            newest[text.language]["draft" if text.is_draft else "public"] = text
    rows = [(code, LANGUAGES[code], texts) for code, texts in newest.items()]
    context = {**admin.site.each_context(request), "title": _("Texts"), "petition": petition, "rows": rows}
    return render(request, "admin/petitions/petition/texts.html", context)


@permission_required("petitions.change_petition", raise_exception=True)
@require_POST
def new_version(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    wording.begin_version(petition, known(language), by=request.user.get_username())
    return redirect("admin:petitions_petition_change", pk)


@permission_required("petitions.view_petition", raise_exception=True)
@require_safe
@never_cache
def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The page as it would be, drafts included."""
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    petition.shows_drafts = True
    with translation.override(known(language)):
        context = {
            "petition": petition,
            "form": form_for(petition),
            "consent": consent.wording(petition),
            "is_preview": True,
        }
        return render(request, "petitions/petition.html", context)
