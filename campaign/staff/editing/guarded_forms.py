"""Forms and lists of the admin that refuse conflicting saves (campaign/staff/editing/conflicts.py)."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection, models
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.text import capfirst

from campaign.staff.editing import retyping
from campaign.staff.editing.conflicts import SEEN, Digests, digest, digests, digests_of, mark, name_and_number, parse
from campaign.translation import for_staff

WHOLE = ""  # the key of the main form; inline rows have "<prefix of their formset>:<primary key>"


class Stored(NamedTuple):
    """What the database holds now: unbound forms by their keys, and the names of the inline rows."""

    forms: dict[str, forms.BaseForm]
    names: dict[str, str]


def deleted_rows(formset: Any) -> list[int]:
    """Return the indexes of posted rows that had been stored and no longer are."""
    if not formset.is_bound:
        return []
    return [number for number, form in enumerate(formset.initial_forms) if not form.instance.pk]


def without_deleted(data: QueryDict, formsets: Iterable[Any], seen: Digests) -> QueryDict:
    """Return the POST without rows that were deleted meanwhile; those in which something was typed become new rows.

    Django matches posted rows with stored ones by their index, and would mix them up.
    """
    changed = data.copy()
    for formset in formsets:
        if deleted := deleted_rows(formset):
            typed = [number for number in deleted if is_typed(formset, number, seen)]
            initial, total = formset.initial_form_count(), formset.total_form_count()
            stored = [number for number in range(initial) if number not in deleted]
            rows = [posted(changed, formset, number) for number in [*stored, *typed, *range(initial, total)]]
            for row in rows[len(stored) : len(stored) + len(typed)]:
                row[formset.model._meta.pk.name] = [""]
            for name in [name for number in range(total) for name in names_of(changed, formset, number)]:
                del changed[name]
            for number, row in enumerate(rows):
                for field, values in row.items():
                    changed.setlist(f"{formset.add_prefix(number)}-{field}", values)
            changed[f"{formset.prefix}-INITIAL_FORMS"] = str(len(stored))
            changed[f"{formset.prefix}-TOTAL_FORMS"] = str(len(rows))
    return changed


def is_typed(formset: Any, number: int, seen: Digests) -> bool:
    form = formset.forms[number]
    form.is_valid()  # this cleans it
    key = formset.model._meta.pk.name
    before = seen.get(f"{formset.prefix}:{form.data.get(form.add_prefix(key))}", {})
    return any(before.get(name) != digest(value) for name, value in form.cleaned_data.items() if name in before)


def posted(data: QueryDict, formset: Any, number: int) -> dict[str, list[Any]]:
    start = len(f"{formset.add_prefix(number)}-")
    return {name[start:]: data.getlist(name) for name in names_of(data, formset, number)}


def names_of(data: QueryDict, formset: Any, number: int) -> list[str]:
    """Return the names of one row's values.

    `texts-2-0-title` belongs to a formset `texts-2`, not to the third row of `texts`.
    """
    start, fields = f"{formset.add_prefix(number)}-", formset.forms[number].fields
    return [
        name
        for name in data
        if name.startswith(start) and re.sub(r"_\d+$", "", name[len(start) :]) in {*fields, DELETION_FIELD_NAME}
    ]


class Guarded(admin.ModelAdmin):
    """Refuses conflicting saves; the admin site mixes it into every ModelAdmin (campaign/staff/site.py)."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the object; in a POST, which may save it, lock its row before it is read.

        Django writes every column back, also those that the form does not hold. Whoever saves the same object meanwhile
        therefore waits until this request is done.
        """
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not connection.in_atomic_block:
            return obj
        lock(self.model._meta.base_manager.filter(pk=obj.pk))
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class: Any = super().get_form(request, obj, change, **kwargs)
        if reasons := retyping.shown_again(request):
            form_class = type(form_class.__name__, (ShownAgainForm, form_class), {"reasons": reasons})
        seen = parse(request.POST[SEEN]) if obj is not None and SEEN in request.POST else None
        if seen is None:
            return form_class
        check = {"desk": self, "request": request, "seen": seen}
        return type(form_class.__name__, (GuardedForm, form_class), check)

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Make the formsets, and keep them for GuardedForm, which is cleaned before them and looks at them too."""
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        seen = parse(request.POST.get(SEEN, ""))
        if seen and any(deleted_rows(formset) for formset in formsets):
            request.POST = without_deleted(request.POST, formsets, seen)  # type: ignore[assignment]
            formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        request.__dict__["posted_formsets"] = formsets
        return formsets, inlines

    def stored(self, request: HttpRequest, obj: models.Model) -> Stored:
        """Return what is stored now, read once for each request; in a POST, under the lock that `get_object` took."""
        known: dict[Any, Stored] = request.__dict__.setdefault("stored", {})
        if obj.pk not in known:
            known[obj.pk] = self.find_stored(request, obj)
        return known[obj.pk]

    def find_stored(self, request: HttpRequest, obj: models.Model) -> Stored:
        fresh = self.model._meta.base_manager.get(pk=obj.pk)
        fields = flatten_fieldsets(self.get_fieldsets(request, fresh))
        form: Any = self.get_form(request, fresh, change=True, fields=fields)(instance=fresh)
        found = rows_of(self.unbound_formsets(request, fresh))
        return Stored({WHOLE: form, **found}, {key: name_of(row) for key, row in found.items()})

    def unbound_formsets(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return the formsets as Django makes them when a form is opened."""
        formsets, prefixes = [], Counter[str]()
        for formset_class, inline in self.get_formsets_with_inlines(request, obj):
            name = formset_class.get_default_prefix()
            prefixes[name] += 1
            prefix = f"{name}-{prefixes[name]}" if prefixes[name] > 1 else name
            queryset = inline.get_queryset(request)
            formsets.append(formset_class(instance=obj, prefix=prefix, queryset=queryset))
        return formsets

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            seen = digests(self.opened(request, context, obj))
            context["seen"] = json.dumps(seen) if any(seen.values()) else None
        return super().render_change_form(request, context, *args, **kwargs)

    def opened(self, request: HttpRequest, context: Mapping[str, Any], obj: models.Model) -> Mapping[str, Any]:
        if request.method == "POST" or "stored" in request.__dict__:
            return self.stored(request, obj).forms
        formsets = [each.formset for each in context["inline_admin_formsets"]]
        return {WHOLE: context["adminform"].form, **rows_of(formsets)}

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        formset_class: Any = super().get_changelist_formset(request, **kwargs)
        seen = parse(request.POST[SEEN]) if SEEN in request.POST else None
        return type(formset_class.__name__, (GuardedRows, formset_class), {"seen": seen or {}})


class GuardedForm:
    """Mixin before the form of a ModelAdmin, which refuses conflicting saves."""

    desk: ClassVar[Guarded]
    request: ClassVar[HttpRequest]
    seen: ClassVar[Digests]

    def full_clean(self) -> None:
        form: Any = self
        super().full_clean()  # type: ignore[misc]  # of the form class behind it
        if form.is_bound:
            self.refuse_conflicts(form)

    def refuse_conflicts(self, form: Any) -> None:
        now, formsets = self.desk.stored(self.request, form.instance), self.request.__dict__["posted_formsets"]
        rows = {key: row for key, row in rows_of(formsets).items() if key in self.seen and key in now.forms}
        for row in rows.values():
            row.is_valid()  # this cleans it
        marked = [mark(each, self.seen[key], now.forms[key]) for key, each in rows.items()]
        marked.append(mark(form, self.seen.get(WHOLE, {}), now.forms[WHOLE]))
        kinds = {formset.prefix: str(formset.model._meta.verbose_name) for formset in formsets}
        lines = [
            for_staff("Added meanwhile: %(name)s") % {"name": name}
            for key, name in now.names.items()
            if key not in self.seen
        ]
        lines += [gone(kinds[prefix]) for prefix in map(prefix_of, self.seen.keys() - now.forms) if prefix in kinds]
        if any(marked) or lines:
            form.add_error(None, [name_and_number(form.instance), *lines])


class ShownAgainForm:
    """Mixin before the form of a ModelAdmin, which is shown as it was typed and not saved."""

    reasons: ClassVar[list[str]]

    def full_clean(self) -> None:
        form: Any = self
        super().full_clean()  # type: ignore[misc]  # of the form class behind it
        if form.is_bound:
            form.add_error(None, self.reasons)


class GuardedRows:
    """Mixin before the formset of a list with editable columns, which refuses conflicting saves."""

    seen: ClassVar[Digests]

    def __init__(self, data: Any = None, files: Any = None, *, queryset: Any = None, **kwargs: Any) -> None:
        if data is not None and queryset is not None:
            lock(queryset)
        super().__init__(data, files, queryset=queryset, **kwargs)  # type: ignore[call-arg]  # of the formset behind it

    @property
    def opened(self) -> str:
        formset: Any = self
        return json.dumps({str(form.instance.pk): digests_of(form) for form in formset.initial_forms})

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        formset: Any = self
        for form in formset.initial_forms if formset.is_bound else []:
            stored = type(form)(instance=form._meta.model._meta.base_manager.get(pk=form.instance.pk))
            mark(form, self.seen.get(str(form.instance.pk), {}), stored)


def lock(rows: models.QuerySet[Any]) -> None:
    """Lock the rows until the transaction ends, in the order of their keys, so that no two lists wait for each other.

    NO KEY lets people go on signing a petition that is being saved, since a new signature only needs it to exist.
    """
    keys = rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk")
    list(keys)


def rows_of(formsets: Iterable[Any]) -> dict[str, Any]:
    """Return the forms of rows that were stored when the formsets were opened, by key."""
    return {
        f"{formset.prefix}:{form.instance.pk}": form
        for formset in formsets
        for form in formset.initial_forms
        if form.instance.pk
    }


def prefix_of(key: str) -> str:
    return key.partition(":")[0]


def gone(kind: str) -> str:
    return for_staff("Deleted meanwhile: %(kind)s. If you had typed something there, it stands below as a new one.") % {
        "kind": kind
    }


def name_of(row: Any) -> str:
    return f"{capfirst(row.instance._meta.verbose_name)} “{row.instance}”"
