"""Text that staff format: one configuration says what the editor offers and what the sanitiser lets through.

Text is cleaned when it is saved, so that the database holds no surprises, and again when it is shown, so that nothing
written past the forms (an import, a restored backup, a console) can become markup on a page.
"""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorField, create_sanitizer

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
}
clean = create_sanitizer(EXTENSIONS)


def rendered(html: str) -> SafeString:
    """Return `html` cleaned, so that it may stand in a page."""
    return mark_safe(clean(html))  # noqa: S308  # cleaned in this line


class RichTextField(ProseEditorField):
    """A text field with the editor; it is cleaned whenever it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, extensions=EXTENSIONS, sanitize=True, **kwargs)

    def pre_save(self, model_instance: Any, add: bool) -> str:
        value = clean(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, value)
        return value
