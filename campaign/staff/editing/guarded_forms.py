"""Forms and lists of the admin that refuse conflicting saves (campaign/staff/editing/conflicts.py)."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.text import capfirst

from campaign.staff.editing import retyping
from campaign.staff.editing.conflicts import (
    SEEN,
    Digests,
    digest,
    digests,
    digests_of,
    mark,
    name_and_number,
    parse,
)
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
            forms = {number: formset.forms[number] for number in deleted}
            before = {number: seen.get(f"{formset.prefix}:{posted_key(form)}", {}) for number, form in forms.items()}
            typed = [number for number, form in forms.items() if typed_values(form, before[number])]
            initial, total = formset.initial_form_count(), formset.total_form_count()
            stored = [number for number in range(initial) if number not in deleted]
            rows = [posted(changed, formset, number) for number in [*stored, *typed, *range(initial, total)]]
            for row in rows[len(stored) : len(stored) + len(typed)]:
                row[formset.model._meta.pk.name] = [""]
            put_rows(changed, formset, rows, initial=len(stored))
    return changed


def put_rows(data: QueryDict, formset: Any, rows: list[dict[str, list[Any]]], *, initial: int) -> None:
    """Put these rows in place of all that were posted; the first `initial` of them are stored."""
    for name in [name for number in range(formset.total_form_count()) for name in names_of(data, formset, number)]:
        del data[name]
    for number, row in enumerate(rows):
        for field, values in row.items():
            data.setlist(f"{formset.add_prefix(number)}-{field}", values)
    data[f"{formset.prefix}-INITIAL_FORMS"] = str(initial)
    data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(rows))


def typed_values(form: Any, before: Mapping[str, str]) -> dict[str, Any]:
    """Return the posted values that are not those with which the form of a deleted row was opened, by field.

    The form itself cannot be cleaned: without its row, what the model asks of other fields has no place in it.
    """
    found = {}
    for name in before.keys() & form.fields.keys() - {form._meta.model._meta.pk.name}:
        field, value = form.fields[name], form[name].data
        try:
            value = field.clean(value)
        except forms.ValidationError:
            if value in field.empty_values:
                continue
        if digest(value) != before[name]:
            found[name] = value
    return found


def posted_key(form: Any) -> str:
    """Return the primary key that was posted for a row."""
    return str(form.data.get(form.add_prefix(form._meta.model._meta.pk.name)))


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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist and changelist.formset is not None and changelist.formset.is_bound:
            show_posted_rows(changelist)
        return response

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
        self.told = self.take_out_deleted()

    def take_out_deleted(self) -> list[str]:
        """Take rows that were deleted meanwhile out of what was posted; return what is said of them."""
        formset: Any = self
        deleted = deleted_rows(formset)
        told = [self.tell_deleted(formset.forms[number]) for number in deleted]
        if deleted:
            initial, total = formset.initial_form_count(), formset.total_form_count()
            formset.data = formset.data.copy()
            rows = [posted(formset.data, formset, number) for number in range(total) if number not in deleted]
            put_rows(formset.data, formset, rows, initial=initial - len(deleted))
            del formset.forms, formset.management_form  # so that they are made again of what is left
        return told

    def tell_deleted(self, form: Any) -> str:
        key = posted_key(form)
        typed = [
            f"{form.fields[name].label}: {dict(getattr(form.fields[name], 'choices', ())).get(value, value)}"
            for name, value in typed_values(form, self.seen.get(key, {})).items()
        ]
        said = for_staff("Deleted meanwhile: %(name)s. All else stands below and is not saved yet.")
        if typed:
            said = for_staff(
                "Deleted meanwhile: %(name)s. You had typed there: %(typed)s. "
                "All else stands below and is not saved yet."
            )
        return said % {"name": name_of_deleted(form._meta.model, key), "typed": "; ".join(typed)}

    @property
    def opened(self) -> str:
        formset: Any = self
        return json.dumps({str(form.instance.pk): digests_of(form) for form in formset.initial_forms})

    def clean(self) -> None:
        super().clean()  # type: ignore[misc]
        if self.told:
            raise forms.ValidationError(self.told)

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        formset: Any = self
        for form in formset.initial_forms if formset.is_bound else []:
            stored = type(form)(instance=form._meta.model._meta.base_manager.get(pk=form.instance.pk))
            mark(form, self.seen.get(str(form.instance.pk), {}), stored)


def show_posted_rows(changelist: Any) -> None:
    """Let a list that was not saved show the rows that were posted, and in their order.

    Django puts the posted forms beside the rows of the list as it is now, whose order and number may have changed.
    """
    stored = {row.pk: row for row in changelist.formset.queryset.all()}
    changelist.result_list = [stored[form.instance.pk] for form in changelist.formset.initial_forms]
    changelist.result_count = changelist.result_count or len(stored)  # a filter may hold none of them any more


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


def name_of_deleted(model: type[models.Model], key: str) -> str:
    """Return what a row is called that was deleted in the admin; elsewhere, its kind."""
    deletions = LogEntry.objects.filter(action_flag=DELETION, content_type=ContentType.objects.get_for_model(model))
    entry = deletions.filter(object_id=key).order_by("-pk").first()
    kind = str(model._meta.verbose_name)
    return f"{kind} “{entry.object_repr}”" if entry else kind
