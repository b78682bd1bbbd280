"""What differs between two versions, field by field, with what was taken away and what was added.

A field whose value is more than words says itself what it means: `in_words(value)` returns a text for each name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from campaign.revisions.history import Snapshot, part_model, parts_of
from campaign.translation import for_staff

MOST_COMPARED = 4_000_000  # pairs of words, which take about a second
WORD_OR_TAG = re.compile(r"\s+|[^\s<>]+|<[^>]*>|[<>]")


@dataclass(frozen=True)
class Change:
    where: str
    shown: SafeString


def changes(model: type[models.Model], old: Snapshot, new: Snapshot) -> list[Change]:
    """Of the content itself, then of its parts in their order."""
    return list(all_changes(model, "", old, new))


def all_changes(model: Any, where: str, old: Snapshot, new: Snapshot, owner: str = "") -> Iterator[Change]:
    """`owner` names the field that leads to what these are a part of, of which nothing need be said."""
    yield from of_fields(model, where, old, new, owner)
    before, after = old.get("parts", {}), new.get("parts", {})
    for name in parts_of(model):
        if name in before or name in after:
            owner = model._meta.get_field(name).field.name
            yield from of_parts(part_model(model, name), where, before.get(name, []), after.get(name, []), owner)


def of_parts(model: Any, where: str, old: list[Snapshot], new: list[Snapshot], owner: str) -> Iterator[Change]:
    before, after = ({row["id"]: row for row in rows} for rows in (old, new))
    for key in [*after, *(key for key in before if key not in after)]:
        told = after.get(key) or before[key]
        if before.get(key) != after.get(key):
            name = joined(where, f"{model._meta.verbose_name} {name_in(told)}".strip())
            yield from all_changes(model, name, before.get(key, {}), after.get(key, {}), owner)


def name_in(values: Snapshot) -> str:
    """Return what tells a row from its neighbours: its place, or its language and version."""
    told = (values.get(name) for name in ("order", "language", "version"))
    return " ".join(str(value) for value in told if value not in (None, ""))


def joined(where: str, name: str) -> str:
    return f"{where}: {name}" if where else name


def of_fields(model: Any, where: str, old: Snapshot, new: Snapshot, owner: str) -> Iterator[Change]:
    for field in model._meta.concrete_fields:
        if not field.primary_key and field.name != owner and old.get(field.attname) != new.get(field.attname):
            before, after = (in_words(field, values.get(field.attname)) for values in (old, new))
            for name in dict.fromkeys([*after, *before]):
                if (was := before.get(name, "")) != (now := after.get(name, "")):
                    yield Change(joined(where, name), marked(was, now))


def in_words(field: Any, value: Any) -> dict[str, str]:
    """Return what a stored value says, by the names under which staff know it."""
    if hasattr(field, "in_words"):
        texts: dict[str, str] = field.in_words(value)
        return texts
    return {str(field.verbose_name): words_of(field, value)}


def words_of(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return for_staff("yes") if value else for_staff("no")
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    if isinstance(field, models.ForeignKey):
        return name_of_linked(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return moment_in_words(field, value) if isinstance(field, models.DateField) else str(value)


def name_of_linked(field: Any, key: Any) -> str:
    linked = field.related_model._meta.default_manager.filter(pk=key).first()
    return str(linked) if linked else f"{field.related_model._meta.verbose_name} {key}, deleted since"


def moment_in_words(field: Any, value: Any) -> str:
    """Of a day or a moment; what cannot be read as one stands as it is."""
    try:
        moment = field.to_python(value)
    except ValidationError:
        return str(value)
    is_moment = isinstance(field, models.DateTimeField)
    return date_format(localtime(moment), "DATETIME_FORMAT") if is_moment else date_format(moment)


def marked(old: str, new: str) -> SafeString:
    """Words taken away in <del>, words added in <ins>, or lines in texts of many words; everything is escaped.

    >>> marked("one two", "one three")
    'one <del>two</del><ins>three</ins>'
    """
    before, after = WORD_OR_TAG.findall(old), WORD_OR_TAG.findall(new)
    if len(before) * len(after) > MOST_COMPARED:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return format_html_join(
        "", "{}", ((diff_step("".join(before[a:b]), "".join(after[c:d])),) for _t, a, b, c, d in steps)
    )


def diff_step(old: str, new: str) -> SafeString:
    if old == new:
        return format_html("{}", old)
    gone = format_html("<del>{}</del>", old) if old else SafeString("")
    return gone + (format_html("<ins>{}</ins>", new) if new else SafeString(""))
