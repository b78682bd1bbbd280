"""Read one row of a list as somebody to subscribe, or tell why it cannot be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from campaign.protection.inputs.csv_records import BrokenRecord, CsvRecord, Unusable, cells_of, header_of
from campaign.protection.inputs.typed_text import plain_line
from campaign.supporters.models import RowFault
from campaign.web import countries
from campaign.web.forms.fields import AddressField

# The names that other programs give to the columns of such lists.
LIST_COLUMNS = {
    "email": {"email", "e-mail", "mail", "email address", "e-mail address"},
    "language": {"language", "lang", "locale"},
    "country": {"country", "country code"},
}
MOST_COLUMNS = 200
MOST_IGNORED, LONGEST_COLUMN_NAME = 10, 40  # what is repeated of a first line, which may be a million bytes
ADDRESS_FIELD = AddressField()
SITE_LANGUAGES = {code.lower(): code for code, _name in settings.LANGUAGES}


class Wanted(NamedTuple):
    """Somebody on a list."""

    address: str
    language: str
    country: str  # or empty


@dataclass(frozen=True, slots=True)
class ListLayout:
    """Where a row has what, as the first line declares it."""

    places: tuple[int, int, int]  # index of address, language and country in a row; -1 if absent
    width: int
    delimiter: str
    language: str  # of rows that name none
    ignored: tuple[str, ...]  # columns that are not kept


def list_layout(first_line: bytes, language: str) -> ListLayout:
    """Read the layout from the first line. Raises Unusable."""
    delimiter, columns = header_of(first_line)
    if len(columns) > MOST_COLUMNS:
        raise Unusable(f"the first line names more than {MOST_COLUMNS} columns")
    found = {name: [i for i, column in enumerate(columns) if column in names] for name, names in LIST_COLUMNS.items()}
    if len(found["email"]) != 1 or any(len(places) > 1 for places in found.values()):
        raise Unusable("the first line must name the columns, exactly one of them “email”")
    email, spoken, country = ((places or [-1])[0] for places in found.values())
    used = {email, spoken, country}
    ignored = [column[:LONGEST_COLUMN_NAME] for i, column in enumerate(columns) if i not in used and column]
    return ListLayout((email, spoken, country), len(columns), delimiter, language, tuple(ignored[:MOST_IGNORED]))


ListRow = tuple[int, Wanted | RowFault]  # with its line number


def list_rows(records: Iterable[CsvRecord], layout: ListLayout) -> Iterator[ListRow]:
    for number, cells in cells_of(records, layout.delimiter):
        yield number, RowFault(cells) if isinstance(cells, BrokenRecord) else wanted_or_fault(cells, layout)


def wanted_or_fault(cells: list[str], layout: ListLayout) -> Wanted | RowFault:
    if len(cells) > layout.width:
        return RowFault.CELLS
    cells = [*cells, *[""] * (layout.width + 1 - len(cells))]
    address, language, country = (cells[place] for place in layout.places)
    try:
        address = ADDRESS_FIELD.clean(address)
    except ValidationError:
        return RowFault.EMAIL
    code = site_language(language) if language.strip() else layout.language
    if code is None:
        return RowFault.LANGUAGE
    found = countries.code_of(plain_line(country)) if country.strip() else ""
    return RowFault.COUNTRY if found is None else Wanted(address, code, found)


def site_language(text: str) -> str | None:
    """Return the language of this site that a code stands for, with or without its region; None if there is none.

    >>> site_language("de-AT"), site_language("DE"), site_language("tlh")
    ('de', 'de', None)
    """
    code = text.strip().lower().replace("_", "-")
    return SITE_LANGUAGES.get(code) or SITE_LANGUAGES.get(code.partition("-")[0])
