"""Form fields for what goes into letters."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaign.protection.hostile import is_storable
from campaign.protection.names import clean_name, strip_invisible
from letters import zipcodes
from letters.wording import clean_body


class LineField(forms.CharField):
    """One line. Line breaks and control characters are refused, so that no header can ever be built from them."""

    default_error_messages = {"line": _("Use one line, without control characters.")}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not is_storable(text) or any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise ValidationError(self.error_messages["line"], code="line")
        return " ".join(strip_invisible(text).split())


class NameField(LineField):
    def to_python(self, value: Any) -> str:
        line = super().to_python(value)
        return clean_name(line) if line else line


class ZipField(LineField):
    default_error_messages = {"zip": _("Enter a ZIP code of five digits, such as 87501 or 87501-1234.")}

    def to_python(self, value: Any) -> str:
        line = super().to_python(value)
        if line and not zipcodes.clean(line):
            raise ValidationError(self.error_messages["zip"], code="zip")
        return zipcodes.clean(line) or ""


class BodyField(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean_body(str(value or ""))
