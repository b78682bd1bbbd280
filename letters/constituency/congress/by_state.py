from django.utils.translation import gettext_lazy as _

from letters.constituency.congress.residence import Ask, NoSenators, Resident, Why, residence
from letters.constituency.outcomes import Found, Given, Nobody, Outcome, Question
from letters.models import Office, RecipientList
from letters.models.recipients.us_states import name_of

QUESTIONS = {
    Why.MILITARY: _("A military address does not show where you vote. Choose your state of legal residence."),
    Why.SEVERAL: _("This ZIP code is in more than one state. Choose the one you live in."),
    Why.CONFLICT: _("This ZIP code is in a different state from the one you chose. Choose the state you live in."),
    Why.UNHEARD_OF: _("We do not recognise this ZIP code. Correct it, or confirm your state."),
    Why.UNLISTED: _(
        "Our table does not have this ZIP code; it lacks some that are used only for post office boxes. Correct it, or"
        " confirm that it is right."
    ),
}
ONE_SEAT_VACANT = _(
    "Your state has one senator at the moment; the other seat is vacant. So you are writing one letter."
)
SEATS = 2


class ByState:
    """The senators of the writer's state of residence."""

    asks: tuple[str, ...] = ("street", "city", "state", "zip")
    decided_by: tuple[str, ...] = ("state", "zip")

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        whose = home_of(given)
        if isinstance(whose, Ask):
            return question(whose)
        if isinstance(whose, NoSenators):
            return Nobody(whose)
        offices = list(Office.objects.in_area(recipients, whose.state))
        note = ONE_SEAT_VACANT if 0 < len(offices) < SEATS else ""
        return Found(recipients, offices, area=whose.state, residence=whose.state, note=note)


def home_of(given: Given) -> Resident | NoSenators | Ask:
    return residence(given["state"], given["zip"], given.get("residence", ""))


def question(ask: Ask) -> Question:
    options = [(code, name_of(code)) for code in ask.options]
    return Question("residence", _("Where you live"), QUESTIONS[ask.why], options)
