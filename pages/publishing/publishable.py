"""Whether visitors see a piece of content, nothing, or a page that says that it was removed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaign.database import clock
from campaign.translation import for_staff_lazy


class State(models.TextChoices):
    DRAFT = "draft", for_staff_lazy("Draft")
    PUBLISHED = "published", for_staff_lazy("Published")
    RETIRED = "retired", for_staff_lazy("Retired")


class PublishableQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(Q(publish_at=None) | Q(publish_at__lte=Now()), state=State.PUBLISHED)

    def retired(self) -> Self:
        return self.filter(state=State.RETIRED)


class Publishable(models.Model):
    state = models.CharField(
        for_staff_lazy("state"),
        max_length=10,
        choices=State,
        default=State.DRAFT,
        help_text=for_staff_lazy(
            "Drafts are seen by staff only. Retired content is gone from the site; its address says so."
        ),
    )
    publish_at = models.DateTimeField(
        for_staff_lazy("publish at"),
        null=True,
        blank=True,
        help_text=for_staff_lazy(
            "Leave empty to show it as soon as it is published. In the future: it appears at that time."
        ),
    )

    class Meta:
        abstract = True

    def show_now(self) -> None:
        self.state, self.publish_at = State.PUBLISHED, None

    @property
    def waits_in_vain(self) -> bool:
        """Return whether a time is set at which nothing will happen, as it is a draft."""
        return self.state == State.DRAFT and self.publish_at is not None and self.publish_at > clock.now()

    @property
    def is_published(self) -> bool:
        has_come = self.publish_at is None or self.publish_at <= clock.now()
        return self.state == State.PUBLISHED and has_come
