"""What visitors find content by."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from letters.models import LetterCampaign
from pages.models.actions import Action, Audience
from pages.models.news import NewsItem
from pages.models.page import Page
from pages.models.timeline import TimelineEntry
from petitions.models import Petition

CONTENT = ("item", "page", "audience", "action", "entry")
APPEALS = ("petition", "campaign")  # added later: a unique index could not have been made without locking the table
KINDS = CONTENT + APPEALS
OF_ONE = [Q(**{f"{other}__isnull": other != kind for other in KINDS}) for kind in KINDS]


class SearchText(models.Model):
    """What a piece of content says in one language that it can be read in, made searchable."""

    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="texts", null=True)
    page = models.ForeignKey(Page, models.CASCADE, related_name="texts", null=True)
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="texts", null=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="texts", null=True)
    entry = models.ForeignKey(TimelineEntry, models.CASCADE, related_name="texts", null=True)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", null=True, db_index=False)
    campaign = models.ForeignKey(LetterCampaign, models.CASCADE, related_name="+", null=True, db_index=False)
    language = models.CharField(max_length=10)
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="search_text_of_one", condition=Q(*OF_ONE, _connector=Q.OR)),
            *(models.UniqueConstraint(fields=[kind, "language"], name=f"search_text_{kind}_once") for kind in CONTENT),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="search_text_vector"),
            *(models.Index(fields=[kind, "language"], name=f"search_text_{kind}") for kind in APPEALS),
        ]

    def __str__(self) -> str:
        return f"{next(kind for kind in KINDS if getattr(self, f'{kind}_id'))} {self.language}"
