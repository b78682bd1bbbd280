"""Keep staff from overwriting what somebody else saved after they had opened the form.

A form carries a digest of each value that it was opened with. If the stored values differ from these when the form
comes back, nothing is saved: the form is shown again, with the stored value next to each field that differs. A field in
which nothing was typed shows what is stored now; typed values stay. Saving again is then deliberate.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.db import models
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.timezone import localtime

from campaign.audit.models import Entry
from campaign.translation import for_staff, for_staff_lazy

SEEN = "_seen"

type Digests = dict[str, dict[str, str]]  # of each form, by the names of its fields


def digest(value: Any) -> str:
    return hashlib.sha256(comparable(value).encode()).hexdigest()[:12]


def comparable(value: Any) -> str:
    """Return the same text for a value that was read from the database and for one that was typed.

    >>> comparable(None) == comparable("")
    True
    >>> comparable("a\\r\\nb") == comparable("a\\nb")
    True
    """
    if value is None or value is False:  # an unticked box may be either
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, models.QuerySet) or (isinstance(value, list) and value and isinstance(value[0], models.Model)):
        return json.dumps(sorted(comparable(one) for one in value))
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, sort_keys=True, default=str)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value).replace("\r\n", "\n")


def digests(stored: Mapping[str, forms.BaseForm]) -> Digests:
    return {key: digests_of(form) for key, form in stored.items()}


def digests_of(form: forms.BaseForm) -> dict[str, str]:
    """Return digests of all fields that can be edited; a password's hash, for one, cannot."""
    fields = {name: field for name, field in form.fields.items() if not field.disabled}
    return {name: digest(form.get_initial_for_field(field, name)) for name, field in fields.items()}


def parse(text: str) -> Digests | None:
    """Return the digests, or None for what none of our forms has sent."""
    try:
        seen: Any = json.loads(text)
    except ValueError:
        return None
    is_ours = isinstance(seen, dict) and all(isinstance(fields, dict) for fields in seen.values())
    return seen if is_ours else None


def mark(bound: forms.BaseForm, seen: Mapping[str, str], now: forms.BaseForm) -> bool:
    """Add an error to each field of a validated form whose stored value is no longer the one that was seen.

    Return whether there is one. A typed value that equals the stored one is not a conflict.
    """
    conflicts = [name for name in bound.fields if differs(bound, seen, now, name)]
    for name in conflicts:
        is_typed = name not in bound.cleaned_data or digest(bound.cleaned_data[name]) != seen[name]
        value = now.get_initial_for_field(now.fields[name], name)
        if not is_typed:
            show_stored(bound, name, value)
        words = THEIRS if is_typed else SHOWN
        bound.add_error(name, words % {"value": in_words(now, name, value)})
    return bool(conflicts)


THEIRS = for_staff_lazy(
    "Changed meanwhile to “%(value)s”. What you typed stands here; saving again puts it in place of that."
)
SHOWN = for_staff_lazy("Changed meanwhile to “%(value)s”, as it stands here now.")


def differs(bound: forms.BaseForm, seen: Mapping[str, str], now: forms.BaseForm, name: str) -> bool:
    if name not in seen or name not in now.fields:
        return False
    stored = digest(now.get_initial_for_field(now.fields[name], name))
    is_typed_too = name in bound.cleaned_data and digest(bound.cleaned_data[name]) == stored
    return stored != seen[name] and not is_typed_too


def show_stored(bound: forms.BaseForm, name: str, value: Any) -> None:
    """Show `value` in the field instead of what was posted."""
    bound.initial[name] = value
    bound.fields[name].bound_data = lambda data, initial: initial  # type: ignore[method-assign]


def in_words(form: forms.BaseForm, name: str, value: Any) -> str:
    """Return a stored value in words."""
    row = getattr(form, "instance", None)
    display = getattr(row, f"get_{name}_display", None)
    if display and value not in (None, ""):
        return str(display())
    if isinstance(value, bool):
        return for_staff("yes") if value else for_staff("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or for_staff("nothing")
    related = getattr(row, name, None)
    text = str(related) if isinstance(related, models.Model) else strip_tags("" if value is None else str(value))
    return Truncator(text).chars(200) or for_staff("nothing")


def name_and_number(obj: models.Model) -> str:
    last = Entry.objects.filter(on=f"{obj._meta.label_lower} {obj.pk}").order_by("-pk").first()
    who = (last and last.who) or for_staff("somebody")
    return for_staff(
        "Nothing was saved yet: this was changed after you had opened it, last by %(who)s. See what "
        "differs below, then save again."
    ) % {"who": who}
