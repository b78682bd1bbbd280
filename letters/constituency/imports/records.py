"""What every reader of lists makes: records of those who can be used, and what cannot be, with the reason.

A record is a dict of those fields of Office that its source knows; the others are left as they are.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from campaign.translation import for_staff
from letters.models import Office

OfficeRecord = dict[str, Any]

SPREADSHEETS_MIDNIGHT = re.compile(r"[ T]00:00:00$")


class Seat(NamedTuple):
    """One of an area; the number is None where the seats of an area are not told apart."""

    area: str
    number: int | None

    @property
    def is_told_apart(self) -> bool:
        return self.number is not None

    @property
    def label(self) -> str:
        is_only_one = "-" in self.area or not self.is_told_apart
        return self.area if is_only_one else f"{self.area}, seat {self.number}"


@dataclass(frozen=True)
class LeftOut:
    """An entry that is not used, or some of whose fields are not; `seat` is None if that cannot be read."""

    name: str
    seat: Seat | None
    directory_id: str
    problems: list[str]
    is_whole: bool = True

    @property
    def seat_code(self) -> str:
        return self.seat.label if self.seat else "seat unknown"


def checked(record: OfficeRecord, *, can_be_left_out: Collection[str]) -> tuple[OfficeRecord, list[str]]:
    """Return what of a record can be used, nothing if what must not be left out is wrong; and what is wrong with it."""
    problems = problems_of(record)
    if problems.keys() - {*can_be_left_out}:
        return {}, list(problems.values())
    return {name: value for name, value in record.items() if name not in problems}, list(problems.values())


def problems_of(record: OfficeRecord) -> dict[str, str]:
    unset = {field.name for field in Office._meta.fields} - record.keys()
    try:
        Office(**record).clean_fields(exclude=unset)
    except ValidationError as error:
        return {name: f"{label_of(name)}: {said[0]}" for name, said in error.message_dict.items()}
    return {}


def label_of(name: str) -> str:
    """Return what staff call a field of Office."""
    field: Any = Office._meta.get_field(name)
    return str(field.verbose_name)


def as_date(text: str) -> date:
    """Return the date, to which spreadsheets add midnight. Raises ValueError with words for staff."""
    try:
        return date.fromisoformat(SPREADSHEETS_MIDNIGHT.sub("", text))
    except ValueError:
        raise ValueError(for_staff("“%(text)s” is not a date.") % {"text": text}) from None
