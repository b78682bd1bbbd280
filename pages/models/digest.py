"""The weekly digest: whether, and when, the site writes an issue of the newsletter from the news by itself."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from campaign.database import clock
from campaign.translation import for_staff, for_staff_lazy

NOTICE = timedelta(days=1)  # from the preview until it goes out
WEEK = timedelta(weeks=1)


class Weekday(models.IntegerChoices):
    MONDAY = 0, for_staff_lazy("Monday")
    TUESDAY = 1, for_staff_lazy("Tuesday")
    WEDNESDAY = 2, for_staff_lazy("Wednesday")
    THURSDAY = 3, for_staff_lazy("Thursday")
    FRIDAY = 4, for_staff_lazy("Friday")
    SATURDAY = 5, for_staff_lazy("Saturday")
    SUNDAY = 6, for_staff_lazy("Sunday")


class WeeklyDigest(models.Model):
    """One row; off until staff switch it on."""

    is_on = models.BooleanField(
        for_staff_lazy("send it every week"),
        default=False,
        help_text=for_staff_lazy(
            "A day before, all who may send get it to read and can stop it by one button. Without news nothing is sent."
        ),
    )
    weekday = models.PositiveSmallIntegerField(
        for_staff_lazy("day"),
        choices=Weekday,
        default=Weekday.FRIDAY,
        help_text=for_staff_lazy("The day on which it goes out."),
    )
    hour = models.PositiveSmallIntegerField(
        for_staff_lazy("hour (UTC)"),
        default=15,
        validators=[MaxValueValidator(23)],
        help_text=for_staff_lazy("From 0 to 23, in the time of Greenwich."),
    )
    looked_at = models.DateTimeField(null=True, editable=False)  # when it was last written or found without news

    class Meta:
        verbose_name = for_staff_lazy("weekly digest")
        verbose_name_plural = for_staff_lazy("weekly digest")
        constraints = [
            models.CheckConstraint(name="one_row_of_weekly_digest", condition=Q(id=1)),
            models.CheckConstraint(name="digest_in_a_week", condition=Q(weekday__lte=6, hour__lte=23)),
        ]

    def __str__(self) -> str:
        return for_staff("weekly digest")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the first one a day before it goes out next; what was missed while it was off is not made up for."""
        self.pk = 1
        if not self.is_on:
            self.looked_at = None
        elif self.looked_at is None:
            self.looked_at = clock.now()
        super().save(*args, **kwargs)

    @classmethod
    def locked(cls) -> Self | None:
        """Return it if it is on, locked against another scheduler."""
        return cls.objects.select_for_update().filter(is_on=True).first()

    def goes_out_after(self, moment: datetime) -> datetime:
        """Return the first of its hours after the moment.

        >>> from datetime import UTC
        >>> str(WeeklyDigest(weekday=4, hour=15).goes_out_after(datetime(2026, 12, 1, tzinfo=UTC)))
        '2026-12-04 15:00:00+00:00'
        """
        day = moment + timedelta(days=(self.weekday - moment.weekday()) % 7)
        hour = day.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return hour if hour > moment else hour + WEEK

    def due(self, now: datetime) -> datetime | None:
        """Return when the digest that is to be written now goes out; None if there is none to write.

        One that is written late, after an outage, is sent late: the preview is out for a day all the same.
        """
        goes_out = self.goes_out_after(now + NOTICE) - WEEK
        if self.looked_at is None or self.looked_at >= goes_out - NOTICE:
            return None
        return max(goes_out, now + NOTICE) if now > goes_out - NOTICE + timedelta(hours=1) else goes_out
