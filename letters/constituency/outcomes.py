"""What a finder says of a writer and a list of recipients: whom they write to, what to ask them, or why to nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from letters.models import Office, RecipientList

Given = Mapping[str, str]  # what was typed in the first step, by the names of its fields, cleaned


@dataclass(frozen=True)
class Found:
    """`area` is the writer's; `offices` may be empty, as where its only seat is vacant.

    `residence` is the writer's U.S. state. `note` says what is to be known of what was found; `ask_again` is the value
    of the list's question by which the writer says that it is wrong.
    """

    recipients: RecipientList
    offices: Sequence[Office]
    area: str = ""
    residence: str = ""
    note: Any = ""
    ask_again: str = ""


@dataclass(frozen=True)
class Question:
    """Only the writer can tell. `field` is the field of the first step that asks; `options` are values with labels."""

    field: str
    label: Any
    text: Any
    options: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Nobody:
    """The writer has nobody on the list. `place` is where they live, if that is why."""

    place: Any = None


Outcome = Found | Question | Nobody


class Finder(Protocol):
    """How writers find theirs on a list."""

    asks: tuple[str, ...]  # fields of the first step, beside name and email
    decided_by: tuple[str, ...]  # those of them that it looks at; the others stand under the letter

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        """Tell from what was `given`, which has a value for each field that decides."""
        ...


def choice_field(recipients: RecipientList) -> str:
    """Return the name of the field in which a writer chooses among a list's recipients."""
    return f"to_{recipients.slug}"
