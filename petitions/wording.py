"""Texts of a petition in versions and languages: what is public stays, a change begins as a draft beside it."""

from django.db import transaction
from django.db.models import Max

from campaign import audit
from petitions.models import Petition, PetitionText

WORDS = ["addressee", "asked_by", "title", "summary", "body"]


@transaction.atomic
def begin_version(petition: Petition, language: str, *, by: str) -> PetitionText:
    """A draft in `language`: the one there is, else a copy of the newest text in it, else of the petition's own."""
    Petition.objects.select_for_update().get(pk=petition.pk)
    draft = petition.texts.filter(language=language, is_draft=True).first()
    if draft:
        return draft
    newest = petition.texts.aggregate(version=Max("version"))["version"] or 0
    words = {name: getattr(petition.text_in(language), name) for name in WORDS}
    text = PetitionText.objects.create(petition=petition, language=language, version=newest + 1, is_draft=True, **words)
    audit.note("text.begun", by=by, on=text, language=language, version=text.version)
    return text
