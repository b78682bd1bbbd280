from letters.constituency.outcomes import Found, Given, Outcome
from letters.models import Office, RecipientList


class Everybody:
    """Every writer writes to all on the list: a board, a minister, one High Commissioner."""

    asks: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        return Found(recipients, list(Office.objects.on_list(recipients)))
