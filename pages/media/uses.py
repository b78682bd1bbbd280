"""Find where a picture, document or film of the library is shown, or is going to be."""

from typing import Any

from django.db import models
from django.db.models import Q

from campaign.revisions.models import Version


def uses_of(entry: models.Model) -> list[models.Model]:
    """Return the pages, news items and settings that show it, then those whose drafts do; each once."""
    found = [content_of(row) for name, rows in linked(entry) for row in rows.filter(**{name: entry})]
    found += [version.content for version in in_drafts(entry) if version.content]
    return list(dict.fromkeys(found))


def is_used(entry: models.Model) -> bool:
    return bool(uses_of(entry))


def linked(entry: models.Model) -> list[tuple[str, Any]]:
    """Return each field that points at the entry's model, with the rows of the model that has it."""
    relations: list[Any] = [field for field in entry._meta.get_fields(include_hidden=True) if field.one_to_many]
    return [(one.field.name, with_owners(one.related_model)) for one in relations]


def with_owners(model: Any) -> Any:
    names = owners(model)
    return model.objects.select_related(*names) if names else model.objects.all()


def owners(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name in {"page", "item"}]


def content_of(row: Any) -> models.Model:
    """Return the page or news item of a block; any other row is content itself."""
    names = owners(type(row))
    return getattr(row, names[0]) if names else row


def in_drafts(entry: models.Model) -> models.QuerySet[Version]:
    condition = Q()
    for name, _rows in linked(entry):
        condition |= Q(data__contains={f"{name}_id": entry.pk})
        condition |= Q(data__contains={"parts": {"blocks": [{f"{name}_id": entry.pk}]}})
    return Version.objects.filter(condition, is_draft=True).prefetch_related("content")
