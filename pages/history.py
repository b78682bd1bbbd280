"""Every saved state of a piece of content: recorded, compared, brought back, prepared as a draft.

A model is kept with its history if it has `parts`: the names of the relations whose rows belong to it, such as the
blocks of a page.

    record(page, by=staff)                what visitors see now, if it differs from the last version
    record_draft(page, data, by=staff)    what they are going to see
    apply(version)                        makes the content what it was, or is going to be; the caller records
    publish(version, by=staff)            both
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaign import audit
from pages import searching
from pages.models import NewsItem, Version

Snapshot = dict[str, Any]


def snapshot(content: models.Model) -> Snapshot:
    """Read from the database anew, so that it is what a visitor would see."""
    fresh = rows_like(content).get(pk=content.pk)
    parts = {name: [fields_of(row) for row in getattr(fresh, name).all()] for name in parts_of(content)}
    return {**fields_of(fresh), "parts": parts}


def rows_like(content: Any) -> Any:
    return content._meta.default_manager


def parts_of(content: models.Model) -> tuple[str, ...]:
    return getattr(content, "parts", ())


def fields_of(row: models.Model) -> Snapshot:
    """As JSON would give them back, so that two snapshots can be compared."""
    fields = [field for field in row._meta.concrete_fields if is_written(field)]
    return {field.attname: plain(field.value_from_object(row)) for field in fields}


def is_written(field: Any) -> bool:
    """By staff; the others are kept by the database or computed."""
    return field.primary_key or field.editable or field.name == "translations"


def plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | dict | list | None) else str(value.isoformat())


@transaction.atomic
def record(content: models.Model, *, by: User | None, note: str = "") -> Version | None:
    """None if nothing changed since the last version that was shown."""
    if isinstance(content, NewsItem):
        searching.index(content)
    data = snapshot(content)
    last = Version.objects.of(content).shown().first()
    if last and last.data == data:
        return None
    return keep(content, "content.saved", by, data=data, note=note)


def remember(content: models.Model) -> None:
    """Keep what there is before its first change here: content that was loaded or imported has no version yet."""
    if not Version.objects.of(content).exists():
        record(content, by=None, note=_("as it was before"))


@transaction.atomic
def record_draft(content: models.Model, data: Snapshot, *, by: User | None) -> Version:
    return keep(content, "content.draft-kept", by, data=data, is_draft=True)


def keep(content: models.Model, act: str, by: User | None, **fields: Any) -> Version:
    version = Version.objects.create(content=content, number=next_number(content), made_by=by, **fields)
    audit.note(act, by=name_of(by), on=content, version=version.number)
    return version


def kept_of(version: Version) -> models.Model | str:
    return version.content or f"{version.content_type} {version.object_id}"


def name_of(by: User | None) -> str:
    return by.get_username() if by else ""


def next_number(content: models.Model) -> int:
    """Serialised by a lock on the content itself."""
    rows_like(content).select_for_update().get(pk=content.pk)
    return int(Version.objects.of(content).order_by().aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def apply(version: Version) -> models.Model:
    """Raises ValidationError if the content cannot be so any more, such as an address that another page has taken."""
    content = version.content
    if content is None:
        raise ValidationError(_("The content of this version has been deleted."))
    fill(content, version.data)
    content.full_clean(exclude=["path"])
    content.save()
    for name in parts_of(content):
        replace(getattr(content, name), version.data["parts"].get(name, []))
    return content


@transaction.atomic
def publish(version: Version, *, by: User | None) -> Version | None:
    """The new version, if there is any difference."""
    content = apply(version)
    Version.objects.filter(pk=version.pk).update(due_at=None, is_stranded=False)
    return record(content, by=by, note=_("as in version %(number)d") % {"number": version.number})


@transaction.atomic
def schedule(draft: Version, *, due_at: datetime, by: User | None) -> None:
    """Does nothing to what visitors have already seen; the same holds for `drop`."""
    if Version.objects.filter(pk=draft.pk, is_draft=True).update(due_at=due_at, is_stranded=False):
        audit.note("content.scheduled", by=name_of(by), on=kept_of(draft), version=draft.number)


@transaction.atomic
def drop(draft: Version, *, by: User | None) -> None:
    if Version.objects.filter(pk=draft.pk, is_draft=True).delete()[0]:
        audit.note("content.draft-dropped", by=name_of(by), on=kept_of(draft), version=draft.number)


def publish_due() -> int:
    """The number of drafts published. One that cannot be published any more waits for staff, unscheduled."""
    published = 0
    for version in Version.objects.due():
        published += publish_or_hold(version)
    return published


def publish_or_hold(version: Version) -> bool:
    try:
        publish(version, by=version.made_by)
    except ValidationError:
        note = _("could not be published; please look")
        Version.objects.filter(pk=version.pk).update(due_at=None, is_stranded=True, note=note)
        return False
    return True


def replace(rows: Any, data: list[Snapshot]) -> None:
    """Make the rows of a relation those of `data`, each with the key that it had."""
    known = {row.pk: row for row in rows.all()}
    rows.exclude(pk__in=[values["id"] for values in data]).delete()
    for values in data:
        row = known.get(values["id"]) or rows.model(pk=values["id"])
        fill(row, values)
        setattr(row, rows.field.name, rows.instance)
        row.save()


def fill(row: models.Model, values: Snapshot) -> None:
    """Fields that did not exist yet keep what they have; a link to something deleted since is empty."""
    for field in row._meta.concrete_fields:
        if field.attname in values and not field.primary_key:
            value = field.to_python(values[field.attname])
            setattr(row, field.attname, value if exists(field, value) else None)


def exists(field: Any, value: Any) -> bool:
    is_optional_link = isinstance(field, models.ForeignKey) and field.null and value is not None
    return not is_optional_link or rows_like(field.related_model).filter(pk=value).exists()
