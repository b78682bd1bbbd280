"""Where everybody on a campaign's lists stands, for all to see: who has not answered yet, and what others have said.

It shows what staff have put down with a source and its day, and nothing of those who write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from letters.models import LetterCampaign, Office, Position, Stance
from letters.public.statistics import region_name

STANDS = {
    Stance.COSPONSOR: _("Cosponsor"),
    Stance.SUPPORTS: _("Supports it"),
    Stance.UNDECIDED: _("Undecided"),
    Stance.OPPOSES: _("Opposes it"),
}


@dataclass(frozen=True)
class Answer:
    position: Position
    stand: Any

    @property
    def office(self) -> Office:
        return self.position.office

    @property
    def link(self) -> str:
        """Return the address of the source, if it is one."""
        return self.position.source if self.position.source.startswith("https://") else ""


@dataclass(frozen=True)
class Board:
    answers: Sequence[Answer]
    silent: Sequence[Office]

    @property
    def silent_by_area(self) -> list[tuple[str, list[Office]]]:
        """Return those who have not answered, by the state or country that they sit for, or else by their list."""
        return [(name, list(offices)) for name, offices in groupby(self.silent, heading_of)]


def heading_of(office: Office) -> str:
    return region_name(office) or office.recipient_list.name


def board_of(campaign: LetterCampaign) -> Board:
    """Return everybody in office, in the order of lists and areas, without those whose answer lacks source or day."""
    offices = list(Office.objects.current().filter(recipient_list__in=campaign.recipient_lists))
    positions = campaign.positions.exclude(stance=Stance.UNKNOWN).filter(office__in=offices)
    answered = {one.office_id: one for one in positions.select_related("office__recipient_list")}
    known = [answered[office.pk] for office in offices if office.pk in answered]
    answers = [Answer(one, STANDS[Stance(one.stance)]) for one in known if one.source and one.as_of]
    return Board(answers, [office for office in offices if office.pk not in answered])
