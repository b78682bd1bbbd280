from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import path

from campaign.translation import for_staff_lazy
from pages.admin import menus
from pages.admin.content import ContentAdmin
from pages.admin.shared import PUBLISHING, BlockInline
from pages.models import Page, PageBlock


class PageBlockInline(BlockInline):
    model = PageBlock
    fk_name = "page"


@admin.register(Page)
class PageAdmin(ContentAdmin):
    list_display = ["title", "path", "menu", "menu_order", "state_now", "updated_at"]
    list_editable = ["menu_order"]
    list_filter = ["state", "menu"]
    search_fields = ["title", "path", "lede"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["parent", "social_picture"]
    inlines = [PageBlockInline]
    fieldsets = [
        (None, {"fields": ["title", "kicker", "lede"]}),
        (for_staff_lazy("Address and menu"), {"fields": [("slug", "parent"), ("menu", "menu_order", "menu_title")]}),
        PUBLISHING,
        (
            for_staff_lazy("Search engines and links"),
            {"classes": ["collapse"], "fields": ["seo_title", "seo_description", "social_picture", "language"]},
        ),
    ]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(partial(menus.put_in_order, self))
        return [path("menus/", view, name="pages_page_menus"), *super().get_urls()]
