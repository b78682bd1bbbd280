from django.db import models
from django.db.models.functions import Now

from campaign.translation import for_staff_lazy


class Entry(models.Model):
    """One act of staff. No foreign key: an entry outlives the account and the object that it names."""

    at = models.DateTimeField(for_staff_lazy("when"), db_default=Now())
    who = models.CharField(
        for_staff_lazy("who"),
        max_length=150,
        blank=True,
        help_text=for_staff_lazy("A user name; empty for the site itself."),
    )
    act = models.CharField(for_staff_lazy("act"), max_length=60, help_text=for_staff_lazy("What was done."))
    on = models.CharField(
        for_staff_lazy("on what"), max_length=120, help_text=for_staff_lazy("Kind and number of what was acted on.")
    )
    details = models.JSONField(
        for_staff_lazy("details"), default=dict, help_text=for_staff_lazy("Numbers and parameters, nothing personal.")
    )

    class Meta:
        verbose_name = for_staff_lazy("audit entry")
        verbose_name_plural = for_staff_lazy("audit entries")
        indexes = [models.Index(fields=[column], name=f"audit_{column}") for column in ("who", "act", "on")]

    def __str__(self) -> str:
        return f"{self.who} {self.act} {self.on}"


class Link(models.Model):
    """One entry's place in the chain (campaign/audit/chain.py). No foreign key: it outlives the entry."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField()

    class Meta:
        default_permissions = ()


class Unlinked(models.Model):
    """An entry that is not in the chain yet. A trigger adds it with the entry; linking the entry deletes it."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        default_permissions = ()
