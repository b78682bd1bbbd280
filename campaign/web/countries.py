"""Countries and regions by ISO 3166 code, named and sorted in the visitor's language (names from Unicode CLDR)."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages
from django.conf import settings
from django.utils.translation import get_language, gettext, to_locale

from campaign.protection.inputs.typed_text import without_accents

# CLDR also names continents, groups and pseudo-territories; these two-letter ones are not places where people live.
NOT_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "BV", "HM"}

ORDERS: dict[str, str] = tomllib.loads((Path(__file__).parent / "country_order.toml").read_text())
FOUND_BY = tomllib.loads((Path(__file__).parent / "country_aliases.toml").read_text())
ALIASES: dict[str, list[str]] = FOUND_BY["names"]
PARTS: dict[str, list[str]] = FOUND_BY["parts"]
AMBIGUOUS = {"congo", "kongo"}  # names in one language or another that mean either of two countries
LETTERS = str.maketrans("đøłı", "doli", ".’'\u05f3")  # that no accent makes; the signs at the end are left out


@cache
def names(language: str) -> dict[str, str]:
    """Return each code with its name in `language`, in the order of that language's dictionaries."""
    territories = Locale.parse(to_locale(language)).territories
    known = {
        code: name
        for code, name in territories.items()
        if code.isalpha() and len(code) == 2 and code not in NOT_COUNTRIES
    }
    place = {code: number for number, code in enumerate(ORDERS[language].split())}
    return dict(sorted(known.items(), key=lambda item: place.get(item[0], len(place))))


def choices() -> list[tuple[str, str]]:
    return [("", gettext("Choose …")), *names(get_language() or "en").items()]


def is_known(code: str) -> bool:
    return code in names("en")


@cache
def all_names() -> dict[str, list[str]]:
    """Return every name of each country: in the site's languages, in its own, and as people also call it.

    Names that differ only by case, accents and punctuation are there once.
    """
    called = {code: [*ALIASES.get(code, []), *PARTS.get(code, [])] for code in names("en")}
    return {code: distinct([*named_by_cldr(code), *called[code]]) for code in sorted(called)}


def distinct(known: list[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in known:
        if (plain := folded(name)) not in AMBIGUOUS:
            found.setdefault(plain, name)
    return list(found.values())


def folded(name: str) -> str:
    """Return the name as it is compared, without case, accents and punctuation, as `static/js/countries.js` does.

    >>> folded("Côte d’Ivoire"), folded("U.K."), folded("Congo - Kinshasa"), folded("Đức")
    ('cote divoire', 'uk', 'congo kinshasa', 'duc')
    """
    characters = without_accents(name).translate(LETTERS)
    letters = (each if each.isalnum() else " " for each in characters if not unicodedata.category(each).startswith("M"))
    return " ".join("".join(letters).split())


def named_by_cldr(code: str) -> list[str]:
    named = [names(language)[code] for language, _label in settings.LANGUAGES]
    return [*named, names("en")[code].replace("&", "and"), *own_names(code)]


def own_names(code: str) -> list[str]:
    """Return what the country is called in its official languages, as far as CLDR has them.

    >>> own_names("FI")
    ['Suomi', 'Finland']
    """
    found = []
    for language in get_official_languages(code, de_facto=True):
        try:
            found.append(Locale.parse(language).territories.get(code, ""))
        except UnknownLocaleError:
            continue
    return [name for name in found if name]


@cache
def codes_by_name() -> dict[str, str]:
    """Return the codes by all names of the countries, folded.

    A name that is that of two countries, in two languages, stands for neither.
    """
    named: dict[str, set[str]] = {}
    for code, known in all_names().items():
        for name in known:
            named.setdefault(folded(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in named.items() if len(codes) == 1}


@cache
def parts() -> set[str]:
    return {folded(name) for known in PARTS.values() for name in known}


def code_of(text: str, *, by_part: bool = True) -> str | None:
    """Return the code of the country that a list means: by code, by three letters, or by name; None if by none.

    >>> code_of("de"), code_of("DEU"), code_of("UK"), code_of("Österreich"), code_of("日本"), code_of("Nowhere")
    ('DE', 'DE', 'GB', 'AT', 'JP', None)

    Where a part must not stand for the whole, `by_part` is False.

    >>> code_of("Scotland"), code_of("Scotland", by_part=False)
    ('GB', None)
    """
    code = text.upper()
    if is_known(code):
        return code
    aliases = get_global("territory_aliases").get(code, [])
    if len(aliases) == 1 and is_known(aliases[0]):
        return aliases[0]
    name = folded(text)
    return codes_by_name().get(name) if by_part or name not in parts() else None


def code_meant(typed: str) -> str | None:
    """Return the code of the country that a visitor typed; None if it is none, or may be one of several.

    As `static/js/countries.js`, it goes by a code only as it is written: “ge” begins names.

    >>> code_meant("FR"), code_meant("Géorgie"), code_meant("ge"), code_meant("Congo")
    ('FR', 'GE', None, None)
    """
    code = typed.strip()
    return code if is_known(code) else codes_by_name().get(folded(typed))


def name_of(code: str) -> str:
    """Return the country's name in the active language, or the code itself if it is not known."""
    return names(get_language() or "en").get(code, code)


def name_in(code: str, language: str) -> str:
    """Return the country's name in a language, which may be one that the site does not speak: then in English."""
    return names(language if language in ORDERS else "en").get(code, code)
