"""Lists of the admin whose editable fields have a name: that of their column and of their row."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst


class NamedRows(admin.ModelAdmin):
    """Names the fields of an editable list; the admin site mixes it into every ModelAdmin (campaign/staff/site.py)."""

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        formset_class: Any = super().get_changelist_formset(request, **kwargs)
        return type(formset_class.__name__, (NamedFields, formset_class), {})


class NamedFields:
    """Mixin before a formset whose fields stand in a table, without a label or a help text of their own."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)  # type: ignore[misc]  # of the formset behind it
        for field in form.fields.values():
            if not field.widget.is_hidden:
                field.help_text = ""
                field.widget.attrs["aria-label"] = f"{capfirst(field.label)}: {form.instance}"
