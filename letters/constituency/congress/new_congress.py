"""Congresses and their numbers, and what a new one asks of staff: members, bills, texts and ways to the new offices."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import Now

from campaign.appeals.models import Visibility
from campaign.database import clock
from campaign.translation import for_staff_lazy
from letters.models import LetterCampaign, Office
from letters.models.recipients.offices import ENDING_SOON

FIRST_YEAR = 1789
CONGRESS = r"(?:congr|kongr|конгр|کنگره|كونغرس|קונגרס|議会|國會|国会|의회|quốc hội)"
TEXTS = ["title", "summary", "ask", "default_subject", "default_body", "body_for_supporters"]


def congress_on(day: date) -> int:
    """Return the number of the Congress that sits on a day; one begins on January 3 of each odd year.

    >>> [congress_on(date(*day)) for day in [(1789, 3, 4), (2025, 1, 3), (2027, 1, 2), (2027, 1, 3), (2028, 2, 29)]]
    [1, 119, 119, 120, 120]
    """
    began = day.year if (day.month, day.day) >= (1, 3) else day.year - 1
    return (began - FIRST_YEAR) // 2 + 1


def begins_on(number: int) -> date:
    """Return the first day of a Congress.

    >>> begins_on(120)
    datetime.date(2027, 1, 3)
    """
    return date(FIRST_YEAR + 2 * (number - 1), 1, 3)


@dataclass(frozen=True)
class Task:
    """Something that a new Congress asks for; `left` is what it is still asked of."""

    name: str
    text: str
    why: str
    left: list[models.Model]


def in_view() -> int:
    """Return the number of the Congress that begins soon, else of the one that sits."""
    return congress_on(clock.now().date() + ENDING_SOON)


def tasks(number: int) -> list[Task]:
    """Return what the Congress of this number asks for, in a number of queries that does not grow."""
    offices = Office.objects.current()
    not_over = LetterCampaign.objects.exclude(visibility=Visibility.REMOVED).exclude(closes_at__lt=Now())
    campaigns = list(not_over.prefetch_related("texts"))
    found: dict[str, Iterable[models.Model]] = {
        "members": offices.filter(term_ends_on__lte=begins_on(number)),
        "bills": (one for one in campaigns if one.bill_congress and one.bill_congress < number),
        "texts": (one for one in campaigns if names_an_earlier(one, number)),
        "ways": offices.filter(contact_form="", email=""),
    }
    return [Task(name, text, why, list(found[name])) for name, text, why in TASKS]


TASKS = [
    (
        "members",
        for_staff_lazy("Bring the senators up to date"),
        for_staff_lazy(
            "The terms of these end. Apply a new list as soon as it names who sits there; whom it does not have yet,"
            " add by hand. Letters that wait are offered to the successors."
        ),
    ),
    (
        "bills",
        for_staff_lazy("Give each campaign its new bill, or end it"),
        for_staff_lazy("A bill lapses with its Congress, and is introduced again under another number."),
    ),
    (
        "texts",
        for_staff_lazy("Look through the texts that name an earlier Congress"),
        for_staff_lazy("In the letter itself [bill] is replaced; everything else stands as it is written."),
    ),
    (
        "ways",
        for_staff_lazy("Find the ways to new offices"),
        for_staff_lazy(
            "These have neither a contact form nor an e-mail address here. New senators have no form for weeks: look"
            " at their sites now and then."
        ),
    ),
]


def names_an_earlier(campaign: LetterCampaign, number: int) -> bool:
    """Return whether a text has the number of one of the five Congresses before beside the word, in any language."""
    earlier = "|".join(str(one) for one in range(max(number - 5, 1), number))
    number_of_one = rf"(?<!\d)(?:{earlier})(?!\d)"
    named = re.compile(rf"{number_of_one}\D{{0,12}}{CONGRESS}|{CONGRESS}\D{{0,12}}{number_of_one}", re.IGNORECASE)
    return any(named.search(text) for text in texts_of(campaign))


def texts_of(campaign: LetterCampaign) -> Iterator[str]:
    for one in [campaign, *campaign.texts.all()]:
        yield from (getattr(one, name, "") for name in TEXTS)
