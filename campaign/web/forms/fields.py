"""Fields that forms of several apps use."""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from campaign.protection.inputs.typed_text import clean_name, clean_words, is_storable, plain_line
from campaign.web import countries

# The part before the @ of most addresses; anything else is left to the library.
PLAIN_LOCAL_PART = re.compile(r"(?=.{1,64}\Z)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
LONGEST_ADDRESS = 500  # characters of a postal address, on paper as well
validate = partial(validate_email, check_deliverability=False, test_environment=True)


class NameField(forms.CharField):
    """A person's name (campaign/protection/inputs/typed_text.py)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": _("Enter your name.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        return clean_name(super().clean(value))


class OptionalNameField(NameField):
    """A short name that may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        return super().clean(value) if value and str(value).strip() else ""


class ReasonField(forms.CharField):
    """A few sentences that may be left out; web addresses in them are refused."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 280)
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        return clean_words(super().clean(value))


class PostalField(ReasonField):
    """A postal address in one line, which may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_ADDRESS, **kwargs)


class AddressField(forms.CharField):
    """An email address in plain characters, as typed except for the case of its domain; no DNS lookup is made."""

    widget = forms.EmailInput
    refused = _("Enter an email address in the correct format, like name@example.org.")
    unreachable = _(
        "This site cannot send email to an address with letters like é or ж before the @. Enter a different address."
    )

    def __init__(self, *, is_written_to: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": _("Enter your email address.")})
        super().__init__(max_length=254, **kwargs)
        self.is_written_to = is_written_to

    def clean(self, value: Any) -> str:
        if isinstance(value, str) and not is_storable(value):
            raise ValidationError(self.refused, code="invalid")
        address = super().clean(plain_line(value) if isinstance(value, str) else value)
        try:
            return self.normalized(address)
        except EmailNotValidError:
            raise ValidationError(self.refused, code="invalid") from None

    def normalized(self, address: str) -> str:
        local, _, domain = address.rpartition("@")
        if address.isascii() and PLAIN_LOCAL_PART.fullmatch(local):
            return f"{local}@{checked_domain(domain)}"
        found = validate(address)
        if found.smtputf8 and self.is_written_to:
            raise ValidationError(self.unreachable, code="unreachable")
        return found.normalized


@lru_cache(maxsize=8192)
def checked_domain(domain: str) -> str:
    """Check a domain, only once for all addresses that have it; return it normalised. Raises EmailNotValidError."""
    return validate(f"a@{domain}").domain


class CodeField(forms.RegexField):
    """Digits of a mail, in whichever script the keyboard writes them."""

    def to_python(self, value: Any) -> str:
        return plain_line(super().to_python(value) or "")


class LongSelect(forms.Select):
    """A select without groups that renders no template for each option: 250 of them took 20 ms of a page's 28."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = ((code, SafeString(" selected" if code == chosen else ""), label) for code, label in self.choices)
        listed = format_html_join("\n", '<option value="{}"{}>{}</option>', options)
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>\n{}\n</select>", attributes, listed)


class CountrySelect(LongSelect):
    """A select of countries, in which `static/js/countries.js` finds each by any of its names.

    Words for which the script has chosen none come in a field of their own: they are taken if they name one country, or
    else are the value, which is refused and shown again.
    """

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        words = data.get(words_field(name), "")
        return super().value_from_datadict(data, files, name) or countries.code_meant(words) or words

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        found_by = {
            "data-names": static("country_names.json"),
            "data-none": gettext("Nothing in the list has this name."),
            "data-unclear": gettext("Choose a country from the list."),
        }
        return super().build_attrs(base_attrs, extra_attrs) | found_by

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        words = {"data-typed": value} if value and not countries.is_known(value) else {}
        return super().render(name, value, {**(attrs or {}), "data-words": words_field(name), **words}, renderer)


def words_field(name: str) -> str:
    """Return the name of the field of what was typed to find a country."""
    return f"{name}_words"


class CountryField(forms.ChoiceField):
    widget = LongSelect

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", countries.choices)
        kwargs.setdefault(
            "error_messages",
            {"required": _("Choose your country."), "invalid_choice": _("Choose a country from the list.")},
        )
        super().__init__(**kwargs)

    def valid_value(self, value: Any) -> bool:
        return countries.is_known(value)  # without building the list of all choices


class FixedFields(dict[str, forms.Field]):
    """Fields that no form changes, so that forms can share them instead of copying them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


def with_fixed_fields[F: type[forms.Form]](form: F) -> F:
    """Decorate a form that many people send at once: copying its fields took longer than checking what was typed."""
    form.base_fields = FixedFields(form.base_fields)
    return form
