"""Where staff edit the pages, the action lists, the timeline, the news and what is said about the site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pages.models import (
    Action,
    Audience,
    Cosigner,
    NewsBlock,
    NewsItem,
    Page,
    PageBlock,
    SiteSettings,
    SocialAccount,
    Source,
    TimelineEntry,
)

PUBLISHING: Any = (_("Publishing"), {"fields": ["state", "publish_at"]})
TARGET_FIELDS: list[Any] = ["link_text", ("petition", "letter_campaign"), ("target_page", "url")]


class FewChoices:
    """Asks once for the few petitions and letter campaigns, however many rows of a form offer them."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name in {"petition", "letter_campaign"}:
            known = request.__dict__.setdefault("few_choices", {})
            field.choices = known.setdefault(db_field.name, list(field.choices))
        return field


class BlockInline(FewChoices, admin.StackedInline):
    """Each kind shows only the fields it uses; static/admin_look/blocks.css says which."""

    extra = 0
    autocomplete_fields = ["target_page"]
    fieldsets = [(None, {"fields": [("kind", "order"), "heading", "body", "source", "source_url", *TARGET_FIELDS]})]

    class Media:
        css = {"all": ["admin_look/blocks.css"]}


class PageBlockInline(BlockInline):
    model = PageBlock
    fk_name = "page"


class NewsBlockInline(BlockInline):
    model = NewsBlock


@admin.register(Page)
class PageAdmin(admin.ModelAdmin):
    list_display = ["title", "path", "menu", "menu_order", "state", "updated_at"]
    list_editable = ["menu_order"]
    list_filter = ["state", "menu"]
    search_fields = ["title", "path", "lede"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["parent"]
    inlines = [PageBlockInline]
    fieldsets = [
        (None, {"fields": ["title", "kicker", "lede"]}),
        (_("Address and menu"), {"fields": [("slug", "parent"), ("menu", "menu_order", "menu_title")]}),
        PUBLISHING,
        (_("Search engines"), {"classes": ["collapse"], "fields": ["seo_title", "seo_description", "language"]}),
    ]


class CosignerInline(admin.StackedInline):
    model = Cosigner
    extra = 0
    fields = [("organisation", "order"), "note", ("contact", "email", "url")]


@admin.register(NewsItem)
class NewsItemAdmin(admin.ModelAdmin):
    list_display = ["title", "category", "published_on", "state"]
    list_filter = ["state", "category"]
    search_fields = ["title", "summary"]
    date_hierarchy = "published_on"
    prepopulated_fields = {"slug": ["title"]}
    inlines = [NewsBlockInline, CosignerInline]
    fieldsets = [
        (None, {"fields": [("category", "published_on"), "title", "slug", "summary"]}),
        PUBLISHING,
        (_("Search engines"), {"classes": ["collapse"], "fields": ["seo_description", "language"]}),
    ]


class ActionInline(admin.TabularInline):
    """The list at a glance; each entry opens on its own page."""

    model = Action
    fields = ["order", "title", "state"]
    extra = 0
    show_change_link = True
    can_delete = False


@admin.register(Audience)
class AudienceAdmin(admin.ModelAdmin):
    list_display = ["name", "order", "state"]
    list_editable = ["order", "state"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ActionInline]
    fieldsets = [(None, {"fields": ["name", "slug", "lede", "order"]}), PUBLISHING]


class SourceInline(admin.TabularInline):
    model = Source
    extra = 0
    fields = ["order", "title", "url"]


@admin.register(Action)
class ActionAdmin(FewChoices, admin.ModelAdmin):
    list_display = ["title", "audience", "order", "state"]
    list_editable = ["order", "state"]
    list_filter = ["audience", "state"]
    list_select_related = ["audience"]
    search_fields = ["title", "explanation"]
    autocomplete_fields = ["target_page"]
    inlines = [SourceInline]
    fieldsets = [
        (None, {"fields": [("audience", "order"), "title", "explanation"]}),
        (_("Button"), {"fields": TARGET_FIELDS}),
        PUBLISHING,
    ]


@admin.register(TimelineEntry)
class TimelineEntryAdmin(admin.ModelAdmin):
    list_display = ["title", "shown_date", "who", "state"]
    list_filter = ["state"]
    search_fields = ["title", "who", "what"]
    fieldsets = [
        (None, {"fields": [("happened_on", "precision"), "title", "who", "what", "source", "source_url"]}),
        PUBLISHING,
    ]

    @admin.display(description=_("date"), ordering="happened_on")
    def shown_date(self, entry: TimelineEntry) -> str:
        return entry.shown_date


class SocialAccountInline(admin.TabularInline):
    model = SocialAccount
    extra = 0
    fields = ["order", "label", "url"]


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    inlines = [SocialAccountInline]
    fieldsets = [
        (None, {"fields": ["name", "strapline", "contact_email"]}),
        (_("Home page"), {"fields": ["introduction", "petition", "letter_campaign"]}),
        (_("On every page"), {"fields": ["footer", "safety_note"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
