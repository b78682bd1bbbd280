"""The admin of old addresses that lead on: most are made by the site when a page or news item moves."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaign.translation import for_staff, for_staff_lazy
from pages.models import NewsItem, Page, Redirect
from pages.publishing.reserved_paths import is_reserved

NEWS = "news/"


class RedirectForm(forms.ModelForm):
    def clean_path(self) -> str:
        path: str = self.cleaned_data["path"].strip().strip("/")
        is_news = path.startswith(NEWS)
        if not path or any(sign in path for sign in " ?#\\:"):
            raise ValidationError(
                for_staff("Enter the part of the address after the site's name, such as “about/old-name”.")
            )
        if is_reserved(path) and not is_news:
            raise ValidationError(
                for_staff("Another part of the site answers at this address, so nobody would be led on.")
            )
        stands = NewsItem.objects.filter(slug=path.removeprefix(NEWS)) if is_news else Page.objects.filter(path=path)
        if content := stands.first():
            raise ValidationError(
                for_staff("“%(content)s” stands at this address, so nobody would be led on.") % {"content": content}
            )
        return path

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("page")) == bool(values.get("item")):
            raise ValidationError(for_staff("Choose a page or a news item, one of the two."))
        return values


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    form = RedirectForm
    list_display = ["path", "leads_to", "created_at"]
    search_fields = ["path", "page__title", "item__title"]
    ordering = ["path"]
    fields = ["path", "page", "item"]
    autocomplete_fields = ["page", "item"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redirect]:
        return super().get_queryset(request).select_related("page", "item")

    @admin.display(description=for_staff_lazy("leads to"))
    def leads_to(self, redirect: Redirect) -> SafeString:
        target = redirect.target
        unseen = "" if target.is_published else for_staff("(nobody can see it, so this address is not found)")
        return format_html('<a href="{}">{}</a> {}', target.get_absolute_url(), target, unseen)
