from django.contrib import admin

from campaign.translation import for_staff_lazy
from pages.admin.content import ContentAdmin, state_in_words
from pages.admin.shared import PUBLISHING, TARGET_FIELDS, FewChoices, Ordered
from pages.models import Action, Audience, Example, Source


class ActionInline(Ordered, admin.TabularInline):
    """The actions of an audience at a glance; each opens on a page of its own, where it is decided who sees it."""

    model = Action
    fields = ["order", "title", "state_now"]
    readonly_fields = ["state_now"]
    extra = 0
    show_change_link = True
    can_delete = False

    @admin.display(description=for_staff_lazy("state"))
    def state_now(self, action: Action) -> str:
        return state_in_words(action)


@admin.register(Audience)
class AudienceAdmin(ContentAdmin):
    list_display = ["name", "order", "state_now"]
    list_editable = ["order"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ActionInline]
    fieldsets = [(None, {"fields": ["name", "slug", "lede", "order"]}), PUBLISHING]


class SourceInline(Ordered, admin.TabularInline):
    model = Source
    extra = 0
    fields = ["order", "title", "url"]


class ExampleInline(admin.StackedInline):
    model = Example
    extra = 0
    fields = [("place", "happened_on", "precision"), "what", ("source", "source_url")]


@admin.register(Action)
class ActionAdmin(FewChoices, ContentAdmin):
    list_display = ["title", "audience", "order", "state_now"]
    list_editable = ["order"]
    list_filter = ["audience", "state"]
    list_select_related = ["audience"]
    search_fields = ["title", "explanation"]
    autocomplete_fields = ["target_page"]
    inlines = [SourceInline, ExampleInline]
    fieldsets = [
        (None, {"fields": [("audience", "order"), "title", "explanation"]}),
        (for_staff_lazy("Button"), {"fields": TARGET_FIELDS}),
        PUBLISHING,
    ]
