from django.utils.translation import gettext_lazy as _

from letters.constituency.outcomes import Found, Given, Nobody, Outcome, Question, choice_field
from letters.models import Office, PostalArea, RecipientList


class ByPostalCode:
    """Whoever sits for the area of the writer's postal code, by an imported table; it may lie in several areas."""

    asks: tuple[str, ...] = ("street", "zip", "city")
    decided_by: tuple[str, ...] = ("zip",)

    def find(self, recipients: RecipientList, given: Given) -> Outcome:
        areas = PostalArea.objects.areas_of(recipients, given["zip"])
        if not areas:
            return Nobody()
        field = choice_field(recipients)
        area = areas[0] if len(areas) == 1 else given.get(field, "")
        if area in areas:
            return Found(recipients, list(Office.objects.in_area(recipients, area)), area=area)
        offices = Office.objects.on_list(recipients).filter(area__in=areas)
        if not offices:
            return Found(recipients, [])
        options = {office.area: f"{office.area_in_words}: {office.name}" for office in offices}
        return Question(
            field, recipients.name, _("Your postal code is in more than one area. Choose yours."), [*options.items()]
        )
