"""What staff do with petitions."""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from petitions import watch
from petitions.admin import watching
from petitions.admin.checks import MilestoneInline
from petitions.models import Petition, PetitionKey, PetitionText


class TextInline(admin.StackedInline[PetitionText, Petition]):
    model = PetitionText
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


class KeyInline(admin.TabularInline[PetitionKey, Petition]):
    model = PetitionKey
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin[Petition]):
    list_display = ["slug", "visibility", "status_in_words", "count", "goal", "closes_at"]
    inlines = [TextInline, KeyInline]

    @admin.display(description=_("state"))
    def status_in_words(self, petition: Petition) -> str:
        return petition.status

    def get_inlines(self, request: HttpRequest, obj: Petition | None) -> list[type[InlineModelAdmin]]:
        return [*self.inlines, MilestoneInline] if obj else list(self.inlines)

    def save_model(self, request: HttpRequest, obj: Petition, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            watch.add_first_milestones(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        return Petition.objects.for_display()

    def get_urls(self) -> list[URLPattern]:
        trends = self.admin_site.admin_view(watching.trends)
        return [path("<int:pk>/trends/", trends, name="petitions_petition_trends"), *super().get_urls()]
