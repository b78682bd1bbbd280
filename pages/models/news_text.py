"""What news items say, made searchable: one row for each language an item can be read in."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from pages.models.news import NewsItem


class NewsText(models.Model):
    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    vector = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="news_text_once")]
        indexes = [GinIndex(fields=["vector"], name="news_text_vector")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.language}"
