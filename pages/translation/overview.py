"""Which translations lack something, or still say what the original said before it was changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse

from campaign.revisions import history
from letters.models import LetterCampaign
from pages.publishing.publishable import Publishable
from pages.publishing.translatable import Translatable
from pages.translation.editor import Progress, progress
from petitions.models import Petition

NEWEST = 200  # of each kind of content are looked at


@dataclass(frozen=True)
class Outdated:
    content: Any
    languages: list[str]  # those that visitors see, each as its speakers call it


def outdated() -> Iterator[Outdated]:
    """Yield content that visitors see, in a constant number of queries.

    Every text is hashed: about a tenth of a second for 200 news items in twelve languages.
    """
    for model in translated_models():
        for content in seen(model):
            if languages := [each.name for each in progress(content) if each.is_shown and each.outdated]:
                yield Outdated(content, languages)


def unfinished(language: str) -> list[tuple[Any, Progress, str]]:
    """Return content that lacks something in this language, with how far it is and the address where it is translated.

    What visitors read and is out of date comes first, then what is begun, then the rest.
    """
    found = [
        (content, done, reverse(f"admin:pages_{content._meta.model_name}_translate", args=[content.pk, language]))
        for model in translated_models()
        for content in newest(model)
        for done in progress(content)
        if done.language == language and (done.missing or done.outdated)
    ]
    return sorted(found, key=lambda each: (not each[1].outdated, not each[1].translated))


def without_text(language: str) -> list[tuple[Any, str]]:
    """Return published petitions and letter campaigns without a text in this language, with where staff write one."""
    appeals = [each for model in (Petition, LetterCampaign) for each in model.objects.published().for_display()]
    return [
        (each, reverse(f"admin:{each._meta.app_label}_{each._meta.model_name}_change", args=[each.pk]))
        for each in appeals
        if language not in each.shown_languages()
    ]


def translated_models() -> list[Any]:
    """Return the models of content whose texts are translated on a page of its own."""
    translated = [model for model in apps.get_app_config("pages").get_models() if issubclass(model, Translatable)]
    parts = {history.part_model(model, name) for model in translated for name in history.parts_of(model)}
    return [model for model in translated if model not in parts]


def seen(model: Any) -> models.QuerySet:
    return published(model).exclude(translations={}).order_by("-pk")[:NEWEST]


def newest(model: Any) -> models.QuerySet:
    return published(model).order_by("-pk")[:NEWEST]


def published(model: Any) -> models.QuerySet:
    rows = model.objects.published() if issubclass(model, Publishable) else model.objects.all()
    return rows.prefetch_related(*history.parts_of(model))
