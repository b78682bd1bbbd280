"""Remove line breaks of every kind, and control characters, which mail headers and feeds refuse.

What languages need stays: non-breaking spaces, direction marks, joiners.
"""

import re
from typing import Any

from django.db.models import CharField, Model, TextField

NO_TEXT = "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
RARE_BREAKS = "\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
ANY_OF_THEM = re.compile(f" *(?:[{NO_TEXT}{RARE_BREAKS}\t\n\r] *)+")
NOT_TEXT, RARE_BREAK = re.compile(f"[{NO_TEXT}]"), re.compile(f"[{RARE_BREAKS}]")


def fold_line(text: str) -> str:
    r"""Return the text on one line.

    >>> fold_line("Stop\u2028 now\x1f")
    'Stop now'
    """
    return text if text.isprintable() else ANY_OF_THEM.sub(" ", text).strip(" ")


def fold_lines(text: str) -> str:
    r"""Return the text with line breaks of the usual kind only.

    >>> fold_lines("Stop\u2028now\x1fplease")
    'Stop\nnow please'
    """
    return NOT_TEXT.sub(" ", RARE_BREAK.sub("\n", text))


def fold_fields(instance: Model) -> None:
    """Fold every loaded text of `instance` as its field requires, and its translations (pages/publishing)."""
    for field in instance._meta.concrete_fields:
        value = instance.__dict__.get(field.attname)
        if isinstance(value, str):
            setattr(instance, field.attname, folded(instance, field.name, value))
    translations: dict[str, Any] = instance.__dict__.get("translations") or {}
    for language, fields in translations.items():
        translations[language] = {name: folded(instance, name, value) for name, value in fields.items()}


def folded(instance: Model, name: str, value: Any) -> Any:
    """Return the value folded for its field; anything that is not a text, or has no such field, stays as it is."""
    field = next((field for field in instance._meta.concrete_fields if field.name == name), None)
    if not isinstance(value, str) or not isinstance(field, CharField | TextField):
        return value
    return fold_lines(value) if isinstance(field, TextField) else fold_line(value)
