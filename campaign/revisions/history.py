"""Every saved state of a piece of content: recorded, compared, brought back, prepared as a draft.

    record(page, by=staff)                what visitors see now, if it differs from the last version
    record_draft(page, data, by=staff)    what they are going to see
    as_object(version)                    builds the content as it was, or is going to be, in memory
    apply(version)                        saves it; the caller records
    publish(version, by=staff)            both

What a model may say of itself:

    parts = ("blocks",)         the relations whose rows belong to it, such as the blocks of a page; they may have parts
    part_of = "audience"        what it is a part of, and has versions too: each is recorded when the other changes
    versioned_fields = (...)    fields that no form shows and that belong to its versions all the same, such as a file
    left_as_it_is()             the names of fields that bringing back does not touch, such as a pause

and what a part may say:

    objects.changeable()        the rows that a version may change; the others are fixed
    is_removed_by_versions      False if bringing back takes no row away
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max, prefetch_related_objects
from django.dispatch import Signal

from campaign import audit
from campaign.revisions.models import Version
from campaign.translation import for_staff

Snapshot = dict[str, Any]

content_saved = Signal()  # from the model, with `content`: before a version of it is recorded


@dataclass(frozen=True)
class Revision:
    """A piece of content as one version has it, with the rows that belong to it by the name of their relation.

    `inner` has those of the rows that have parts themselves.
    """

    content: Any
    parts: dict[str, list[Any]]
    inner: list["Revision"]


def snapshot(content: models.Model) -> Snapshot:
    """Read from the database anew, so that it is what a visitor would see."""
    fresh = rows_like(content).prefetch_related(*relations_of(type(content))).get(pk=content.pk)
    return {"parts": {}, **snapshot_of(fresh)}


def snapshot_of(row: models.Model) -> Snapshot:
    parts = {name: [snapshot_of(part) for part in getattr(row, name).all()] for name in parts_of(row)}
    return {**fields_of(row), **({"parts": parts} if parts else {})}


def relations_of(model: type[models.Model]) -> Iterator[str]:
    """Yield the relations of the model's parts and of theirs, as they are named in a query."""
    for name in parts_of(model):
        yield name
        yield from (f"{name}__{inner}" for inner in relations_of(part_model(model, name)))


def part_model(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name).related_model


def rows_like(content: Any) -> Any:
    return content._meta.default_manager


def parts_of(content: models.Model | type[models.Model]) -> tuple[str, ...]:
    return getattr(content, "parts", ())


def fields_of(row: models.Model) -> Snapshot:
    """As JSON would give them back, so that two snapshots can be compared."""
    fields = [field for field in row._meta.concrete_fields if is_written(field)]
    return {field.attname: plain(field.value_from_object(row)) for field in fields}


def is_written(field: Any) -> bool:
    """By staff; the others are kept by the database or computed."""
    return field.primary_key or field.editable or field.name in getattr(field.model, "versioned_fields", ())


def plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | dict | list | None) else str(value.isoformat())


@transaction.atomic
def record(content: models.Model, *, by: User | None, note: str = "", is_noted: bool = True) -> Version | None:
    """Record the content, and what has versions among its parts and above it.

    None if nothing changed since the last version that was shown. `is_noted` is False where the audit has what was
    done from elsewhere.
    """
    content_saved.send(type(content), content=content)
    data = snapshot(content)
    last = Version.objects.of(content).shown().first()
    if last and last.data == data:
        return None
    version = keep(content, by, data=data, note=note)
    if is_noted:
        note_version("content.saved", version, by=by)
    for other in connected(content):
        record(other, by=by, is_noted=False)
    return version


def connected(content: models.Model) -> Iterator[models.Model]:
    """Yield what has versions of its own above the content, and below it."""
    if whole := whole_of(content):
        yield whole
    for name in parts_of(content):
        if hasattr(part_model(type(content), name), "part_of"):
            yield from getattr(content, name).all()


def whole_of(content: models.Model) -> models.Model | None:
    return getattr(content, content.part_of) if hasattr(content, "part_of") else None


def remember(content: models.Model) -> None:
    """Keep what there is before its first change here: content of older releases may have no version yet."""
    if not Version.objects.of(content).exists():
        record(content, by=None, note="as it was before", is_noted=False)


@transaction.atomic
def record_draft(content: models.Model, data: Snapshot, *, by: User | None) -> Version:
    draft = keep(content, by, data=data, is_draft=True)
    note_version("content.draft-kept", draft, by=by)
    return draft


def keep(content: models.Model, by: User | None, **fields: Any) -> Version:
    return Version.objects.create(content=content, number=next_number(content), made_by=by, **fields)


def note_version(act: str, version: Version, *, by: User | None) -> None:
    audit.note(act, by=name_of(by), on=kept_of(version), version=version.number)


def kept_of(version: Version) -> models.Model | str:
    return version.content or f"{version.content_type} {version.object_id}"


def name_of(by: User | None) -> str:
    return by.get_username() if by else ""


def next_number(content: models.Model) -> int:
    """Serialised by a lock on the content itself."""
    lock(content)
    return int(Version.objects.of(content).order_by().aggregate(last=Max("number"))["last"] or 0) + 1


def lock(content: Any) -> None:
    """NO KEY lets people go on signing a petition meanwhile, since a new signature only needs it to exist."""
    content._meta.base_manager.select_for_update(no_key=True).get(pk=content.pk)


def as_object(version: Version) -> Revision:
    """Build the content of a version in memory, writing and locking nothing.

    Raises ValidationError if the content cannot be so any more, such as an address that another page has taken. Takes
    a query for each relation and for each kind of link in it, however many rows there are.
    """
    content = version.content
    if content is None:
        raise ValidationError(for_staff("The content of this version has been deleted."))
    fill([(content, without(version.data, left_as_it_is(content)))])
    content.full_clean(exclude=["path"], validate_constraints=False)  # Django asks for those within a savepoint
    return revision_of(content, version.data)


def left_as_it_is(content: Any) -> set[str]:
    return content.left_as_it_is() if hasattr(content, "left_as_it_is") else set()


def without(data: Snapshot, names: set[str]) -> Snapshot:
    return {name: value for name, value in data.items() if name.removesuffix("_id") not in names}


def revision_of(content: models.Model, data: Snapshot) -> Revision:
    known = data.get("parts", {})
    pairs = {name: pairs_of(content, name, known.get(name)) for name in parts_of(content)}
    parts = {name: [row for row, _values in found] for name, found in pairs.items()}
    inner = [revision_of(row, values) for found in pairs.values() for row, values in found if parts_of(row)]
    return Revision(content, parts, inner)


def pairs_of(content: models.Model, name: str, data: list[Snapshot] | None) -> list[tuple[Any, Snapshot]]:
    """Build the rows of a relation, each with the key that it had, and return them with what the version says of each.

    Rows that the version has no say in are returned as they are: all of them if it is older than the relation.
    """
    relation = getattr(content, name)
    rows = {row.pk: row for row in changeable(relation).prefetch_related(*parts_of(relation.model))}
    if data is None:
        return [(row, {}) for row in rows.values()]
    fixed = set(relation.exclude(pk__in=rows).values_list("pk", flat=True)) if is_partly_fixed(relation) else set()
    told = [values for values in data if values["id"] not in fixed]
    found = [(rows.pop(values["id"], None) or relation.model(pk=values["id"]), values) for values in told]
    fill(found)
    for row, _values in found:
        setattr(row, relation.field.name, content)
    return found + ([] if is_removed(relation) else [(row, {}) for row in rows.values()])


def is_partly_fixed(relation: Any) -> bool:
    return hasattr(relation.all(), "changeable")


def changeable(relation: Any) -> Any:
    return relation.all().changeable() if is_partly_fixed(relation) else relation.all()


def is_removed(relation: Any) -> bool:
    """Return whether bringing back a version removes the rows that it does not have."""
    return getattr(relation.model, "is_removed_by_versions", True)


@transaction.atomic
def apply(version: Version) -> models.Model:
    """Make the content what the version says. Raises ValidationError as `as_object` does."""
    if version.content:
        lock(version.content)
        version.content.refresh_from_db()
    revision = as_object(version)
    revision.content.validate_constraints()
    try:
        with transaction.atomic():
            revision.content.save()
            save_parts(revision)
    except IntegrityError:
        raise ValidationError(
            for_staff("This version cannot be brought back: something else has its place by now.")
        ) from None
    return revision.content


def save_parts(revision: Revision) -> None:
    for name, rows in revision.parts.items():
        relation = getattr(revision.content, name)
        if is_removed(relation):
            changeable(relation).exclude(pk__in=[row.pk for row in rows]).delete()
        for row in rows:
            row.save()
    for inner in revision.inner:
        save_parts(inner)


@transaction.atomic
def publish(version: Version, *, by: User | None) -> Version | None:
    """Make the content what the version says, and return the new version if there is any difference.

    Raises ValidationError as `as_object` does, and for a draft if anything was saved since it was made, which it would
    undo without a word: an urgent notice, a pause, a translation.
    """
    if version.is_draft and (newer := Version.objects.shown_since(version)):
        raise ValidationError(
            for_staff(
                "Version %(number)s was saved after this draft was made, and publishing the draft would undo "
                "it. Open the draft in the form, look at what differs, and save it."
            )
            % {"number": newer.number}
        )
    content = apply(version)
    Version.objects.filter(pk=version.pk).update(due_at=None, is_stranded=False)
    return record(content, by=by, note=f"as in version {version.number}")


@transaction.atomic
def schedule(draft: Version, *, due_at: datetime, by: User | None) -> None:
    """Does nothing to what visitors have already seen; the same holds for `drop`."""
    if Version.objects.filter(pk=draft.pk, is_draft=True).update(due_at=due_at, is_stranded=False):
        note_version("content.scheduled", draft, by=by)


@transaction.atomic
def drop(draft: Version, *, by: User | None) -> None:
    if Version.objects.filter(pk=draft.pk, is_draft=True).delete()[0]:
        note_version("content.draft-dropped", draft, by=by)


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
        note = "could not be published; please look"
        Version.objects.filter(pk=version.pk).update(due_at=None, is_stranded=True, note=note)
        return False
    return True


def fill(rows: list[tuple[models.Model, Snapshot]]) -> None:
    """Set the fields of rows of one model. Those that did not exist yet keep what they have; a link to something
    deleted since is emptied."""
    for row, values in rows:
        for field in row._meta.concrete_fields:
            if field.attname in values and not field.primary_key:
                setattr(row, field.attname, field.to_python(values[field.attname]))
    empty_broken_links([row for row, _values in rows])


def empty_broken_links(rows: list[models.Model]) -> None:
    fields = rows[0]._meta.concrete_fields if rows else ()
    links = [field.name for field in fields if isinstance(field, models.ForeignKey) and field.null]
    prefetch_related_objects(rows, *links)
    for row in rows:
        for link in links:
            if getattr(row, link) is None:
                setattr(row, link, None)
