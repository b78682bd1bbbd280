"""A request to take all signatures of a petition, still sealed, and who approved it."""

from typing import Self

from django.db import models

from campaign.audit import Detail
from campaign.staff.dual_control.models import DualControlled, DualControlQuerySet
from petitions.models.petition import Petition


class HandOverQuerySet(DualControlQuerySet["HandOver"]):
    def for_work(self) -> Self:
        return super().for_work().select_related("petition").prefetch_related("petition__texts")


class HandOver(DualControlled):
    permission = "petitions.export_signatures"
    warning = "The signatures are sealed: only the private key, which is not on the server, opens them."

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, verbose_name="petition", related_name="+")
    reason = models.CharField("reason", max_length=300, help_text="To whom the signatures go, and why now.")
    times_taken = models.PositiveIntegerField("taken", default=0, help_text="How often the file was taken.")

    objects = HandOverQuerySet.as_manager()

    class Meta(DualControlled.Meta):
        verbose_name = "hand-over"
        verbose_name_plural = "hand-overs"
        permissions = [("export_signatures", "Can take all signatures, sealed, with a second person's approval")]

    def __str__(self) -> str:
        return f"hand-over {self.pk} of {self.petition}"

    @property
    def title(self) -> str:
        return f"Hand-over of the signatures of “{self.petition}”"

    @property
    def deed(self) -> str:
        return "all confirmed signatures are taken in one file"

    def details(self) -> dict[str, Detail]:
        return {"petition": self.petition_id}
