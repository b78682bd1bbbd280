"""What is known of a channel at the moment, shared by all workers."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from letters.models.offices import ChannelName


class ChannelStatusQuerySet(models.QuerySet["ChannelStatus"]):
    def of(self, name: str) -> "ChannelStatus":
        return self.get_or_create(name=name)[0]

    def paused(self) -> Self:
        return self.exclude(paused_because="")


class ChannelStatus(models.Model):
    """`credit`: letters that may be let go now, with the fraction of one; it grows by the channel's rate."""

    name = models.CharField(_("channel"), max_length=20, choices=ChannelName, unique=True)
    paused_because = models.TextField(_("paused because"), blank=True, help_text=_("Empty: the channel works."))
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    quiet_until = models.DateTimeField(_("quiet until"), null=True, blank=True)
    credit = models.FloatField(default=0, editable=False)
    counted_at = models.DateTimeField(db_default=Now(), editable=False)
    open_offices = models.JSONField(_("offices that take letters by it"), default=list, blank=True)
    offices_at = models.DateTimeField(_("list of offices from"), null=True, blank=True)

    objects = ChannelStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="channel_paused_has_its_time",
                condition=Q(paused_because="", paused_at__isnull=True)
                | ~Q(paused_because="") & Q(paused_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_name_display())

    def pause(self, reason: str) -> None:
        mine = ChannelStatus.objects.filter(pk=self.pk, paused_because="")
        mine.update(paused_because=reason[:1000] or "?", paused_at=Now())

    def be_quiet(self, wait: timedelta) -> None:
        """Let nothing go for as long as the other side asked."""
        ChannelStatus.objects.filter(pk=self.pk).update(quiet_until=Now() + wait, credit=0)

    def resume(self) -> None:
        ChannelStatus.objects.filter(pk=self.pk).update(paused_because="", paused_at=None, quiet_until=None)
