from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from letters.constituency.congress.by_state import home_of, question
from letters.constituency.congress.districts import districts_of
from letters.constituency.congress.residence import Ask, NoSenators
from letters.constituency.outcomes import Found, Given, Nobody, Outcome, Question, choice_field
from letters.models import Office, RecipientList

OTHER = "other"
CHOOSE = _("Your ZIP code does not show who represents you in the House. Choose your representative.")
DRAWN_BEFORE = _(
    "We looked up your representative by ZIP code in a table of January 2025, which was drawn before the maps of 2026."
)


class ByDistrict:
    """Whoever sits in the House for the district of the writer's ZIP code, in their state of residence.

    Many ZIP codes lie in several districts, and the table of districts may be older than a new map: then the writer
    chooses among the names.
    """

    asks: tuple[str, ...] = ("street", "city", "state", "zip")
    decided_by: tuple[str, ...] = ("state", "zip")

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        whose = home_of(given)
        if isinstance(whose, Ask):
            return question(whose)
        if isinstance(whose, NoSenators) and whose.is_foreign:
            return Nobody(whose)
        state = whose.place if isinstance(whose, NoSenators) else whose.state
        sitting = list(Office.objects.in_region(recipients, state))
        answer = given.get(choice_field(recipients), "")
        by_zip = [area for area in districts_of(given["zip"]) if area.startswith(f"{state}-")]
        if answer in {office.area for office in sitting}:
            return self.found(recipients, sitting, answer, state)
        if len(by_zip) == 1 and answer != OTHER:
            return self.found(recipients, sitting, by_zip[0], state, is_by_zip=True)
        if not sitting:
            return Found(recipients, [], residence=state)
        if sitting[0].area == f"{state}-00":  # the only district of the state
            return self.found(recipients, sitting, sitting[0].area, state)
        named = [office for office in sitting if office.area in by_zip] if answer != OTHER else []
        return self.question(recipients, named or sitting, has_others=0 < len(named) < len(sitting))

    def found(
        self, recipients: RecipientList, sitting: Sequence[Office], area: str, state: str, *, is_by_zip: bool = False
    ) -> Found:
        offices = [office for office in sitting if office.area == area]
        has_others = len(sitting) > 1
        note = DRAWN_BEFORE if is_by_zip and has_others else ""
        return Found(recipients, offices, area, residence=state, note=note, ask_again=OTHER if has_others else "")

    def question(self, recipients: RecipientList, offices: Sequence[Office], *, has_others: bool) -> Question:
        options = [(office.area, f"{office.name} ({office.party_name}, {office.area})") for office in offices]
        others = [(OTHER, _("Somebody else"))] if has_others else []
        return Question(choice_field(recipients), _("Your representative"), CHOOSE, [*options, *others])
