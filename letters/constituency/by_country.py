from letters.constituency.outcomes import Found, Given, Nobody, Outcome
from letters.models import Office, RecipientList


class ByCountry:
    """Whoever sits for the writer's country; the areas of such a list are ISO 3166 codes of countries."""

    asks: tuple[str, ...] = ("street", "zip", "city", "country")
    decided_by: tuple[str, ...] = ("country",)

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        offices = list(Office.objects.in_area(recipients, given["country"]))
        return Found(recipients, offices, area=given["country"]) if offices else Nobody()
