"""Tables of areas by postal code, for lists whose writers find theirs by it."""

from typing import Self

from django.db import models
from django.db.models import Q

from campaign.translation import for_staff_lazy
from letters.models.recipients.recipient_lists import RecipientList


def bare(postal_code: str) -> str:
    """Return the code in capitals, without spaces and hyphens.

    >>> bare("sw1a 1aa"), bare("10117")
    ('SW1A1AA', '10117')
    """
    return "".join(character for character in postal_code.upper() if character.isalnum())


class PostalAreaQuerySet(models.QuerySet["PostalArea"]):
    def of_list(self, recipients: RecipientList) -> Self:
        return self.filter(recipient_list=recipients)

    def areas_of(self, recipients: RecipientList, postal_code: str) -> list[str]:
        """Return the areas in which a postal code lies; those of the code itself, else of its longest beginning."""
        code = bare(postal_code)
        begins = Q(is_prefix=True) & Q(code__in=[code[:length] for length in range(1, len(code) + 1)])
        rows = list(self.of_list(recipients).filter(begins | Q(code=code)))
        best = max(((not row.is_prefix, len(row.code)) for row in rows), default=None)
        return sorted({row.area for row in rows if (not row.is_prefix, len(row.code)) == best})


class PostalArea(models.Model):
    """A postal code, or what codes begin with, and one of the areas in which it lies."""

    recipient_list = models.ForeignKey(
        RecipientList, on_delete=models.CASCADE, to_field="slug", db_index=False, related_name="postal_areas"
    )
    code = models.CharField(for_staff_lazy("postal code"), max_length=12)
    is_prefix = models.BooleanField(for_staff_lazy("all that begin like this"), default=False)
    area = models.CharField(for_staff_lazy("area"), max_length=40)

    objects = PostalAreaQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("area of a postal code")
        verbose_name_plural = for_staff_lazy("areas of postal codes")
        constraints = [
            models.UniqueConstraint(name="postal_area_once", fields=["recipient_list", "code", "is_prefix", "area"])
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.area}"
