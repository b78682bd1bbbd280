"""A request to take the addresses of subscribers out of the site, and who approved it."""

from typing import Any

from django.db import models

from campaign.audit import Detail
from campaign.staff.dual_control.models import DualControlled, DualControlQuerySet
from campaign.supporters.models.segment import Segment
from campaign.supporters.models.subscriber import Subscriber, SubscriberQuerySet
from campaign.translation import for_staff, for_staff_lazy


class SubscriberExportQuerySet(DualControlQuerySet["SubscriberExport"]):
    def for_work(self) -> "SubscriberExportQuerySet":
        return super().for_work().select_related("segment")


class SubscriberExport(DualControlled):
    permission = "supporters.export_subscribers"
    warning = for_staff_lazy("The file holds the addresses in plain text: whoever has it can write to all of them.")

    segment = models.ForeignKey(
        Segment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=for_staff_lazy("segment"),
        related_name="+",
        help_text=for_staff_lazy("Leave it empty for all subscribers."),
    )
    definition = models.JSONField(null=True, editable=False)  # of the segment when it was asked for
    reason = models.CharField(
        for_staff_lazy("purpose"),
        max_length=300,
        help_text=for_staff_lazy("What the addresses are for, and who will have them; it must be what they agreed to."),
    )
    times_taken = models.PositiveIntegerField(
        for_staff_lazy("taken"), default=0, help_text=for_staff_lazy("How often the file was taken.")
    )

    objects = SubscriberExportQuerySet.as_manager()

    class Meta(DualControlled.Meta):
        verbose_name = for_staff_lazy("export of subscribers")
        verbose_name_plural = for_staff_lazy("exports of subscribers")
        permissions = [("export_subscribers", "Can take the addresses of subscribers, with a second person's approval")]

    def __str__(self) -> str:
        return for_staff("export %(pk)s of subscribers") % {"pk": self.pk}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.segment:
            self.definition = self.segment.definition()
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return for_staff("Export of the addresses of %(whose)s") % {"whose": self.whose}

    @property
    def deed(self) -> str:
        return for_staff("the addresses of %(whose)s are taken in one file") % {"whose": self.whose}

    @property
    def whose(self) -> str:
        return (
            for_staff("the subscribers in “%(segment)s”") % {"segment": self.segment}
            if self.segment
            else for_staff("all subscribers")
        )

    def subscribers(self) -> SubscriberQuerySet:
        return self.segment.subscribers() if self.segment else Subscriber.objects.confirmed()

    @property
    def is_as_asked(self) -> bool:
        """Return whether those in its segment are still whom the two people agreed on."""
        return self.segment is None or self.segment.definition() == self.definition

    def details(self) -> dict[str, Detail]:
        return {"segment": self.segment_id}
