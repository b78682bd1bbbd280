"""The bases of Petition, LetterCampaign and their tallies. They have no tables: each model has the columns, in its own
words for staff."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, Q, Sum

from campaign.database import clock
from campaign.protection.models import SitePause
from campaign.translation import for_staff_lazy

GRACE = timedelta(hours=24)  # a link mailed before the end still counts this long after it
SOURCE_LANGUAGE = "en"  # in which staff write first; the other languages are translations
CLOSES_AFTER_OPENING = Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at"))


class Visibility(models.TextChoices):
    """Letter campaigns are not archived: theirs is over with its bill, and its page stays."""

    DRAFT = "draft", for_staff_lazy("draft, seen by nobody")
    PUBLISHED = "published", for_staff_lazy("published")
    ARCHIVED = "archived", for_staff_lazy("archived: to be read, no longer signed or listed")
    REMOVED = "removed", for_staff_lazy("removed after publishing")


class AppealQuerySet[A: "Appeal"](models.QuerySet[A]):
    def published(self) -> Self:
        """Closed and paused ones too: they stay to be seen."""
        return self.filter(visibility=Visibility.PUBLISHED)

    def has_been_public(self) -> Self:
        return self.exclude(visibility=Visibility.DRAFT)

    def with_slug(self, slug: str) -> Self:
        return self.filter(slug=slug)

    def for_display(self) -> Self:
        """With what a page says of each, in a constant number of queries."""
        return self.annotate(is_site_paused=Exists(SitePause.objects.on())).prefetch_related("texts")


class Appeal(models.Model):
    """Open to take part in while it is published, within its dates, ready and not paused."""

    slug: models.SlugField
    visibility: models.CharField
    opens_at: models.DateTimeField
    closes_at: models.DateTimeField
    is_paused: models.BooleanField

    class Meta:
        abstract = True

    @property
    def is_ready(self) -> bool:
        return True

    def left_as_it_is(self) -> set[str]:
        """Return the names of fields that bringing back a version does not touch: what is over stays over."""
        over = {"closes_at"} if self.status == "closed" else set()
        return {"visibility", "is_paused", *over}

    @property
    def status(self) -> str:
        """`open`, `paused`, `upcoming` or `closed`."""
        now = clock.now()
        if self.visibility == Visibility.ARCHIVED or (self.closes_at and now >= self.closes_at):
            return "closed"
        if self.is_paused or self.is_stopped_with_the_site:
            return "paused"
        return "open" if now >= self.opens_at and self.is_ready else "upcoming"

    @property
    def is_stopped_with_the_site(self) -> bool:
        """Comes with `for_display`; one that was fetched otherwise asks."""
        known: bool | None = getattr(self, "is_site_paused", None)
        return SitePause.objects.on().exists() if known is None else known

    @property
    def is_open(self) -> bool:
        return self.visibility == Visibility.PUBLISHED and self.status == "open"

    @property
    def takes_confirmations(self) -> bool:
        """A pause does not stop them, an end does, but for GRACE: the mail may have come late."""
        return self.visibility != Visibility.REMOVED and (not self.closes_at or clock.now() < self.closes_at + GRACE)

    def confirmed_by(self, expires_at: datetime) -> datetime:
        """When a link that expires then stops working in truth."""
        return min(expires_at, self.closes_at + GRACE) if self.closes_at else expires_at


class TallyQuerySet[T: "Tallied"](models.QuerySet[T]):
    """Asked of the tallies of one appeal: `petition.tallies.sums_by("day")`."""

    def sums_by(self, column: str) -> list[tuple[Any, int]]:
        """Add up the counts of each value of `column`, in its order."""
        return list(self.sums(column).order_by(column))

    def sums(self, *columns: str) -> Any:
        return self.values_list(*columns).annotate(sum=Sum(self.model.counted))


class Tallied(models.Model):
    """How many took part, by the day and by what else the model tells apart."""

    counted: ClassVar[str]  # the column that is added up

    day: models.DateField

    class Meta:
        abstract = True
