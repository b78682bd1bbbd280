"""Parts of the subscribers, by what is known of them, to which an issue of the newsletter can go."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from django.db.models import Count, Q

from campaign.supporters.models.imports import SubscriberImport
from campaign.supporters.models.subscriber import Subscriber, SubscriberQuerySet
from campaign.translation import for_staff_lazy
from campaign.web.statistics.disclosure_control import SMALLEST_CELL


class Segment(models.Model):
    """What its subscribers have in common; what is left empty excludes nobody."""

    name = models.CharField(for_staff_lazy("name"), max_length=100, unique=True)
    language = models.CharField(for_staff_lazy("language"), max_length=10, blank=True)
    country = models.CharField(
        for_staff_lazy("country"),
        max_length=2,
        blank=True,
        help_text=for_staff_lazy("Known only of those who came by an import that tells it."),
    )
    source = models.ForeignKey(
        SubscriberImport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=for_staff_lazy("import"),
    )
    tag = models.SlugField(
        for_staff_lazy("tag"), max_length=30, blank=True, help_text=for_staff_lazy("Of the import that they came by.")
    )

    size_now: int | None  # as `sizes` counted it, where a list shows it

    class Meta:
        verbose_name = for_staff_lazy("segment")
        verbose_name_plural = for_staff_lazy("segments of subscribers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="segment_excludes_somebody",
                condition=~Q(language="", country="", source=None, tag=""),
                violation_error_message=for_staff_lazy("Choose at least one of language, country, import and tag."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def subscribers(self) -> SubscriberQuerySet:
        found = Subscriber.objects.confirmed()
        for field in ("language", "country", "source"):
            if value := getattr(self, field):
                found = found.filter(**{field: value})
        if self.tag:
            tagged = SubscriberImport.objects.filter(tags__contains=[self.tag])
            found = found.filter(source__in=tagged.values("pk"))
        return found

    @property
    def is_too_small(self) -> bool:
        """Return whether it has so few subscribers now that nothing is sent to them and no file made of them."""
        return self.subscribers()[:SMALLEST_CELL].count() < SMALLEST_CELL

    def size(self) -> int | None:
        """Count them now; return None for fewer than SMALLEST_CELL."""
        number = self.subscribers().count()
        return number if number >= SMALLEST_CELL else None

    def definition(self) -> list[str | int | None]:
        """Return all that decides who belongs to it, as JSON can hold it."""
        return [self.language, self.country, self.source_id, self.tag]


def sizes(segments: Iterable[Segment]) -> dict[int, int | None]:
    """Count all of them in two queries, however many they are; None for fewer than SMALLEST_CELL."""
    of_all = Subscriber.objects.confirmed().order_by().values_list("language", "country", "source")
    cells = list(of_all.annotate(number=Count("pk")))
    tagged: dict[str, set[int]] = defaultdict(set)
    for source, tags in SubscriberImport.objects.values_list("pk", "tags"):
        for tag in tags:
            tagged[tag].add(source)
    counted: dict[int, int | None] = {}
    for segment in segments:
        number = sum(
            number
            for language, country, source, number in cells
            if segment.language in {"", language}
            and segment.country in {"", country}
            and segment.source_id in {None, source}
            and (not segment.tag or source in tagged[segment.tag])
        )
        counted[segment.pk] = number if number >= SMALLEST_CELL else None
    return counted
