"""The present state of each channel, shared by all workers."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest, Now

from campaign.translation import for_staff_lazy
from letters.models.deliveries import Delivery
from letters.models.recipients.offices import ChannelName


class ChannelStatusQuerySet(models.QuerySet["ChannelStatus"]):
    def of(self, name: str) -> "ChannelStatus":
        return self.get_or_create(name=name)[0]

    def paused(self) -> Self:
        return self.exclude(paused_because="")

    def unreachable(self) -> Self:
        """Return channels that could not be reached at the last attempt."""
        return self.exclude(unreachable_because="")

    def holding_up(self) -> Self:
        """Return channels that cannot be reached and are not paused, while letters wait for them."""
        waiting = Delivery.objects.waiting_for(OuterRef("name"))
        return self.unreachable().filter(Exists(waiting), paused_because="")

    def note_reached(self) -> None:
        self.update(unreachable_because="", unreachable_at=None)

    def closed(self) -> Self:
        return self.filter(~Q(paused_because="") | Q(quiet_until__gte=Now()))

    def open(self) -> Self:
        """Return channels that are neither paused nor asked to be quiet."""
        return self.filter(Q(quiet_until__isnull=True) | Q(quiet_until__lt=Now()), paused_because="")


class ChannelStatus(models.Model):
    """The state of one channel.

    `next_at` is the first moment that has not been given to a letter yet; at `paced_until` the turns taken so far are
    used up.
    """

    name = models.CharField(for_staff_lazy("channel"), max_length=20, choices=ChannelName, unique=True)
    paused_because = models.TextField(
        for_staff_lazy("paused because"), blank=True, help_text=for_staff_lazy("Empty: the channel works.")
    )
    paused_at = models.DateTimeField(for_staff_lazy("paused at"), null=True, blank=True)
    unreachable_because = models.TextField(
        for_staff_lazy("not reached because"),
        blank=True,
        db_default="",
        help_text=for_staff_lazy("Empty: it was reached at the last try."),
    )
    unreachable_at = models.DateTimeField(for_staff_lazy("not reached since"), null=True, blank=True)
    quiet_until = models.DateTimeField(for_staff_lazy("quiet until"), null=True, blank=True)
    next_at = models.DateTimeField(db_default=Now(), editable=False)
    paced_until = models.DateTimeField(db_default=Now(), editable=False)
    open_offices = models.JSONField(for_staff_lazy("offices that take letters by it"), default=list, blank=True)
    offices_at = models.DateTimeField(for_staff_lazy("list of offices from"), null=True, blank=True)

    objects = ChannelStatusQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("channel")
        verbose_name_plural = for_staff_lazy("channels")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="channel_paused_has_its_time",
                condition=Q(paused_because="", paused_at__isnull=True)
                | ~Q(paused_because="") & Q(paused_at__isnull=False),
            ),
            models.CheckConstraint(
                name="channel_unreachable_has_its_time",
                condition=Q(unreachable_because="", unreachable_at__isnull=True)
                | ~Q(unreachable_because="") & Q(unreachable_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_name_display())

    def pause(self, reason: str) -> None:
        mine = ChannelStatus.objects.filter(pk=self.pk, paused_because="")
        mine.update(paused_because=reason[:1000] or "?", paused_at=Now())

    def be_quiet(self, wait: timedelta, **also: Any) -> None:
        """Let nothing go for that long, or longer if that was asked before."""
        ChannelStatus.objects.filter(pk=self.pk).update(quiet_until=Greatest("quiet_until", Now() + wait), **also)

    def note_unreachable(self, reason: str, *, rest: timedelta) -> None:
        since = Coalesce("unreachable_at", Now())
        self.be_quiet(rest, unreachable_because=reason[:1000], unreachable_at=since)

    def resume(self) -> None:
        ChannelStatus.objects.filter(pk=self.pk).update(paused_because="", paused_at=None, quiet_until=None)
