"""A request to take all signatures of a petition, still sealed, and who approved it."""

from typing import Self

from django.db import models

from campaign.audit import Detail
from campaign.staff.dual_control.models import DualControlled, DualControlQuerySet
from campaign.translation import for_staff, for_staff_lazy
from petitions.models.petition import Petition


class HandOverQuerySet(DualControlQuerySet["HandOver"]):
    def for_work(self) -> Self:
        return super().for_work().select_related("petition").prefetch_related("petition__texts")


class HandOver(DualControlled):
    permission = "petitions.export_signatures"
    warning = for_staff_lazy("The signatures are sealed: only the private key, which is not on the server, opens them.")

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, verbose_name=for_staff_lazy("petition"), related_name="+"
    )
    reason = models.CharField(
        for_staff_lazy("reason"), max_length=300, help_text=for_staff_lazy("To whom the signatures go, and why now.")
    )
    times_taken = models.PositiveIntegerField(
        for_staff_lazy("taken"), default=0, help_text=for_staff_lazy("How often the file was taken.")
    )

    objects = HandOverQuerySet.as_manager()

    class Meta(DualControlled.Meta):
        verbose_name = for_staff_lazy("hand-over")
        verbose_name_plural = for_staff_lazy("hand-overs")
        permissions = [("export_signatures", "Can take all signatures, sealed, with a second person's approval")]

    def __str__(self) -> str:
        return for_staff("hand-over %(pk)s of %(petition)s") % {"pk": self.pk, "petition": self.petition}

    @property
    def title(self) -> str:
        return for_staff("Hand-over of the signatures of “%(petition)s”") % {"petition": self.petition}

    @property
    def deed(self) -> str:
        return for_staff("all confirmed signatures are taken in one file")

    def details(self) -> dict[str, Detail]:
        return {"petition": self.petition_id}
