from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from campaign.translation import for_staff_lazy
from pages.admin.content import ContentAdmin
from pages.admin.shared import PUBLISHING, BlockInline, Ordered
from pages.models import Cosigner, NewsBlock, NewsItem


class NewsBlockInline(BlockInline):
    model = NewsBlock

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Begin a new item with an empty block of text; what stays empty is not kept."""
        return 0 if obj else 1


class CosignerInline(Ordered, admin.StackedInline):
    model = Cosigner
    extra = 0
    fields = [("organisation", "order"), "note", ("contact", "email", "url")]


@admin.register(NewsItem)
class NewsItemAdmin(ContentAdmin):
    list_display = ["title", "category", "published_on", "state_now"]
    list_filter = ["state", "category"]
    search_fields = ["title", "summary"]
    date_hierarchy = "published_on"
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["social_picture"]
    inlines = [NewsBlockInline, CosignerInline]
    fieldsets = [
        (None, {"fields": [("category", "published_on"), "title", "slug", "summary"]}),
        PUBLISHING,
        (
            for_staff_lazy("Search engines and links"),
            {"classes": ["collapse"], "fields": ["seo_description", "social_picture", "language"]},
        ),
    ]
