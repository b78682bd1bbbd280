"""What differs between two versions, field by field, with what was taken away and what was added."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pages.history import Snapshot

OWNERS = {"page", "item", "action", "site"}  # what a part belongs to
WORDS = re.compile(r"\s+|[^\s<>]+|<[^>]*>|[<>]")


@dataclass(frozen=True)
class Change:
    where: str
    shown: SafeString


def changes(model: type[models.Model], old: Snapshot, new: Snapshot) -> list[Change]:
    """Of the content itself, then of its parts in their order."""
    found = list(of_fields(model, "", old, new))
    for name in sorted(set(old["parts"]) | set(new["parts"])):
        part = model._meta.get_field(name).related_model
        found += of_parts(part, old["parts"].get(name, []), new["parts"].get(name, []))
    return found


def of_parts(model: Any, old: list[Snapshot], new: list[Snapshot]) -> Iterator[Change]:
    before, after = ({row["id"]: row for row in rows} for rows in (old, new))
    for key in [*after, *(key for key in before if key not in after)]:
        name = f"{model._meta.verbose_name} {after.get(key, before.get(key, {})).get('order', '')}"
        yield from of_fields(model, name, before.get(key, {}), after.get(key, {}))


def of_fields(model: Any, where: str, old: Snapshot, new: Snapshot) -> Iterator[Change]:
    for field in model._meta.concrete_fields:
        before, after = (text(values.get(field.attname)) for values in (old, new))
        if before != after and not field.primary_key and field.name not in OWNERS:
            yield Change(f"{where}: {field.verbose_name}" if where else str(field.verbose_name), marked(before, after))


def text(value: Any) -> str:
    return "" if value is None else str(value)


def marked(old: str, new: str) -> SafeString:
    """Words taken away in <del>, words added in <ins>; everything is escaped.

    >>> marked("one two", "one three")
    'one <del>two</del><ins>three</ins>'
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return format_html_join("", "{}", ((step("".join(before[a:b]), "".join(after[c:d])),) for _t, a, b, c, d in steps))


def step(old: str, new: str) -> SafeString:
    if old == new:
        return format_html("{}", old)
    gone = format_html("<del>{}</del>", old) if old else SafeString("")
    return gone + (format_html("<ins>{}</ins>", new) if new else SafeString(""))
