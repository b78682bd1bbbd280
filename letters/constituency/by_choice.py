from django.utils.translation import gettext_lazy as _

from letters.constituency.outcomes import Found, Given, Outcome, Question, choice_field
from letters.models import Office, RecipientList


class ByChoice:
    """The writer knows to whom they write."""

    asks: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        offices = list(Office.objects.on_list(recipients))
        if not offices:
            return Found(recipients, [])
        field = choice_field(recipients)
        chosen = [office for office in offices if office.directory_id == given.get(field)]
        if chosen:
            return Found(recipients, chosen, area=chosen[0].area)
        options = [(office.directory_id, str(office)) for office in offices]
        return Question(field, recipients.name, _("Choose whom you write to."), options)
