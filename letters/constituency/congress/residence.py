"""Tell which state's senators a person writes to, from the state and ZIP of their address.

residence("NM", "87501")               Resident("NM")
residence("KY", "42223")               Ask(SEVERAL, ("KY", "TN")): the ZIP lies in both
residence("KY", "42223", answer="TN")  Resident("TN")
residence("PR", "00901")               NoSenators("PR")
residence("AK", "99999")               Ask(UNLISTED, ("AK",)): it may be right all the same
"""

from dataclasses import dataclass
from enum import Enum

from letters.constituency.congress.districts import districts_of
from letters.constituency.congress.zipcodes import is_exceptional, places_of
from letters.models.recipients.us_states import ASSOCIATED, MILITARY, STATES, TERRITORIES, name_of

LEGAL_RESIDENCES = (*STATES, *TERRITORIES)
LISTED = {*STATES, "DC", "PR"}  # places of which the table of districts has all ZIPs that have an area


class Why(Enum):
    MILITARY = "military mail says nothing of where somebody lives by law"
    SEVERAL = "the ZIP lies in more than one state"
    CONFLICT = "the ZIP lies in another state than the one given"
    UNHEARD_OF = "no ZIP that is in use begins like this one"
    UNLISTED = (
        "the tables do not have the ZIP; they lack some, such as those of single companies and of post-office boxes"
    )


@dataclass(frozen=True)
class Ask:
    """Only the person can tell; `options` are codes of places."""

    why: Why
    options: tuple[str, ...]


@dataclass(frozen=True)
class NoSenators:
    place: str

    @property
    def name(self) -> str:
        return name_of(self.place)

    @property
    def is_foreign(self) -> bool:
        return self.place in ASSOCIATED


@dataclass(frozen=True)
class Resident:
    state: str


def residence(state: str, zip_code: str, answer: str = "") -> Resident | NoSenators | Ask:
    """Return whose constituent the person is, or the question to ask.

    `state` is a code of PLACES; `zip_code` is as zipcodes.clean returns it; `answer` is the reply to an earlier Ask, if
    any.
    """
    question = doubt(state, zip_code)
    if not question:
        return at_home(state)
    return at_home(answer) if answer in question.options else question


def doubt(state: str, zip_code: str) -> Ask | None:
    found = places_of(zip_code)
    if state in MILITARY or (found.places and found.places[0] in MILITARY):
        return Ask(Why.MILITARY, LEGAL_RESIDENCES)
    if len(found.places) > 1:
        return Ask(Why.SEVERAL, found.places)
    if found.places and found.places[0] != state:
        return Ask(Why.CONFLICT, (state, found.places[0]))
    if not (found.places and found.is_used):
        return Ask(Why.UNHEARD_OF, (state,))
    is_listed = state not in LISTED or districts_of(zip_code) or is_exceptional(zip_code)
    return None if is_listed else Ask(Why.UNLISTED, (state,))


def at_home(place: str) -> Resident | NoSenators:
    return Resident(place) if place in STATES else NoSenators(place)
