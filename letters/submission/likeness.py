"""How alike the letters of a campaign are: what offices count as one form letter, and what as many letters.

Counted by a worker over the latest letters, whose texts it reads and does not keep; what is stored is three numbers.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import TypedDict

from django.db.models import Q

from campaign.database import clock
from letters.models import Letter, LetterCampaign

SAMPLE = 200  # letters
MOST_PAIRS = 2000
FEWEST = 10  # letters, below which it says nothing
WORDS = 5
WORD = re.compile(r"\w+")
RESTS_AFTER = timedelta(days=7)  # without a confirmation


class Likeness(TypedDict):
    letters: int  # that were looked at
    alike: int  # percent of their five-word sequences that two of them share, on average
    own: int  # percent that their writers changed
    day: str


def measure_all() -> int:
    """Measure the campaigns in which letters were confirmed lately; return how many. Each costs one sample."""
    busy = Letter.objects.filter(constituent__confirmed_at__gt=clock.now() - RESTS_AFTER)
    campaigns = LetterCampaign.objects.filter(pk__in=busy.values("campaign"))
    return sum(measure(campaign) is not None for campaign in campaigns)


def measure(campaign: LetterCampaign) -> Likeness | None:
    """Store how alike its latest letters are; None, and what was stored stays, if there are too few."""
    to_read = Q(constituent__confirmed_at__isnull=False, content__isnull=False)
    latest = list(Letter.objects.standing().filter(to_read, campaign=campaign).order_by("-pk")[:SAMPLE])
    if len(latest) < FEWEST:
        return None
    found = Likeness(
        letters=len(latest),
        alike=round(100 * average_likeness([str(letter.content["body"]) for letter in latest])),
        own=round(100 * sum(letter.is_edited for letter in latest) / len(latest)),
        day=clock.now().date().isoformat(),
    )
    LetterCampaign.objects.filter(pk=campaign.pk).update(likeness=found)
    return found


def average_likeness(texts: Sequence[str]) -> float:
    """Return what two of the texts share on average, from 0 to 1; of many pairs a sample, the same each time.

    >>> average_likeness(["Dear A,\\n\\none two three four five"] * 2 + ["Dear B,\\n\\nsomething else is said in here"])
    0.3333333333333333
    """
    sequences = [sequences_of(text) for text in texts]
    pairs = list(combinations(sequences, 2))
    if len(pairs) > MOST_PAIRS:
        pairs = Random(0).sample(pairs, MOST_PAIRS)  # noqa: S311
    return sum(likeness(one, other) for one, other in pairs) / len(pairs)


def sequences_of(text: str) -> set[tuple[str, ...]]:
    """Return the sequences of five words in a letter."""
    words = WORD.findall(text.casefold())
    return {tuple(words[start : start + WORDS]) for start in range(max(len(words) - WORDS + 1, 1))}


def likeness(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Return which part of both is in both."""
    return 2 * len(one & other) / (len(one) + len(other))
