"""Versions: how a piece of content looked each time that it was saved, and drafts of how it is going to look."""

from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse


class VersionQuerySet(models.QuerySet["Version"]):
    def of(self, content: models.Model) -> Self:
        """Newest first."""
        content_type = ContentType.objects.get_for_model(content)
        return (
            self.filter(content_type=content_type, object_id=content.pk).select_related("made_by").order_by("-number")
        )

    def numbered(self, number: int) -> Self:
        return self.filter(number=number)

    def shown(self) -> Self:
        return self.filter(is_draft=False)

    def shown_before(self, number: int) -> Self:
        return self.shown().filter(number__lt=number)

    def shown_since(self, draft: "Version") -> "Version | None":
        """Return the newest version of the draft's content if it was saved after the draft and says something else."""
        of_content = self.filter(content_type=draft.content_type_id, object_id=draft.object_id).shown()
        newest = of_content.order_by("-number").first()
        return newest if newest and newest.number > draft.number and newest.data != draft.data else None

    def newest(self) -> Self:
        return self.select_related("made_by", "content_type").prefetch_related("content").order_by("-made_at", "-pk")

    def stranded(self) -> Self:
        """Drafts whose time came and that could not be published."""
        return self.filter(is_draft=True, is_stranded=True).select_related("content_type").prefetch_related("content")

    def due(self) -> Self:
        return self.filter(is_draft=True, due_at__lte=Now()).order_by("due_at")


class Version(models.Model):
    """`data` holds the fields of the content and, under `parts`, those of the rows that belong to it."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    content = GenericForeignKey()
    number = models.PositiveIntegerField()
    data = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    is_draft = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    is_stranded = models.BooleanField(default=False)  # it was due and could not be published
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    objects = VersionQuerySet.as_manager()

    class Meta:
        db_table = "pages_version"  # of the app that they were made in
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "number"], name="version_numbered_once"),
            models.CheckConstraint(
                name="version_due_only_as_draft", condition=models.Q(due_at=None) | models.Q(is_draft=True)
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="version_due", condition=models.Q(is_draft=True)),
            models.Index(fields=["-made_at"], name="version_newest"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def history_page(self) -> str:
        """Return where staff see all versions of the content, and bring one back."""
        return reverse(f"admin:{self.content_type.app_label}_{self.content_type.model}_history", args=[self.object_id])
