"""Form fields for what goes into letters."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaign.protection.inputs.typed_text import clean_name, is_storable, plain_line, strip_invisible
from campaign.web import postal_addresses
from letters.constituency.congress import zipcodes
from letters.wizard.body_text import clean_body


class LineField(forms.CharField):
    """One line. Line breaks and control characters are refused, so that no header can ever be forged with them."""

    default_error_messages = {"line": _("Enter this on one line, without control characters.")}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not is_storable(text) or any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise ValidationError(self.error_messages["line"], code="line")
        return " ".join(strip_invisible(text).split())


class LetterNameField(LineField):
    def to_python(self, value: Any) -> str:
        line = super().to_python(value)
        return clean_name(line) if line else line


class ZipField(LineField):
    default_error_messages = {"zip": _("Enter a ZIP code of five digits, such as 87501 or 87501-1234.")}

    def to_python(self, value: Any) -> str:
        line = plain_line(super().to_python(value))
        if line and not zipcodes.clean_zip(line):
            raise ValidationError(self.error_messages["zip"], code="zip")
        return zipcodes.clean_zip(line) or ""


class PostalCodeField(LineField):
    """The postal code of a country, as far as its form is known."""

    default_error_messages = {"postal_code": _("Enter a postal code such as %(example)s.")}

    def __init__(self, country: str, **kwargs: Any) -> None:
        self.rules = postal_addresses.rules_of(country)
        needed = self.rules.needs_postal_code
        super().__init__(max_length=12, label=self.rules.code_label, required=needed, **kwargs)

    def to_python(self, value: Any) -> str:
        line = plain_line(super().to_python(value)).upper()
        if line and not self.rules.is_postal_code(line):
            text = self.error_messages["postal_code"]
            raise ValidationError(text, code="postal_code", params={"example": self.rules.example})
        return line


class ConfirmingButton(forms.Widget):
    """A button that sends the form with the only answer there is; nothing but that answer once it was given."""

    def __init__(self, answer: str, label: Any) -> None:
        super().__init__({"class": "button-quiet"})
        self.answer, self.label = answer, label

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        if value == self.answer:
            text = '<input type="hidden" name="{}" value="{}" id="{}">{}'
            return format_html(text, name, self.answer, given.get("id", ""), self.label)
        marks: dict[str, Any] = {key: given[key] for key in ("id", "class", "aria-describedby") if key in given}
        return format_html(
            '<button type="submit" name="{}" value="{}"{}>{}</button>', name, self.answer, flatatt(marks), self.label
        )


class BodyField(forms.CharField):
    """A text that may be longer than one line. What is too long is refused, and never cut by the browser."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        return clean_body(str(value or ""))
