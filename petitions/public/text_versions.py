"""Versions of a petition's texts in each language: a public text stays as it is, and a change begins as a draft."""

from django.db import transaction
from django.db.models import Max

from campaign import audit
from petitions.models import Petition, PetitionText

TEXT_FIELDS_COPIED = ["addressee", "asked_by", "title", "summary", "body", "history"]


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
