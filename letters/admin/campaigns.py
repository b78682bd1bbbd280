from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.text import capfirst

from campaign.appeals.admin import AppealAdmin
from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.database import clock
from campaign.revisions import history
from campaign.revisions.versioned_admin import VersionedAdmin
from campaign.translation import for_staff, for_staff_lazy, for_staff_plural
from letters.admin.stands import StandsForm
from letters.constituency.congress.new_congress import congress_on
from letters.constituency.imports import stands
from letters.models import ConsentWording, LetterCampaign, LetterCampaignText, Position, RecipientList
from letters.models.topics import TOPICS
from letters.proposals import letter_templates

MOST_BY_HAND = 50  # stands
OTHER_LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


class PositionInline(admin.TabularInline[Position, LetterCampaign]):
    """Stands by hand. More than MOST_BY_HAND are read here and changed by a table: a form has so many fields."""

    model = Position
    extra = 0
    autocomplete_fields = ["office"]

    def has_change_permission(self, request: HttpRequest, obj: LetterCampaign | None = None) -> bool:
        return super().has_change_permission(request, obj) and not has_many_stands(obj)

    def has_add_permission(self, request: HttpRequest, obj: LetterCampaign | None = None) -> bool:
        return super().has_add_permission(request, obj) and not has_many_stands(obj)

    def has_delete_permission(self, request: HttpRequest, obj: LetterCampaign | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not has_many_stands(obj)


def has_many_stands(campaign: LetterCampaign | None) -> bool:
    return campaign is not None and Position.objects.filter(campaign_id=campaign.pk).count() > MOST_BY_HAND


class ConsentInline(admin.StackedInline[ConsentWording, LetterCampaign]):
    model = ConsentWording
    extra = 0

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "language":
            return forms.ChoiceField(
                label=db_field.verbose_name, help_text=db_field.help_text, choices=settings.LANGUAGES
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class CampaignTextInline(admin.StackedInline[LetterCampaignText, LetterCampaign]):
    model = LetterCampaignText
    extra = 0

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "language":
            return forms.ChoiceField(label=db_field.verbose_name, help_text=db_field.help_text, choices=OTHER_LANGUAGES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def checkboxes(field: Any, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=capfirst(field.verbose_name),
        help_text=field.help_text,
        choices=choices,
        initial=field.get_default(),
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(LetterCampaign)
class LetterCampaignAdmin(VersionedAdmin, AppealAdmin[LetterCampaign]):
    change_form_template = "admin/letters/lettercampaign/change_form.html"
    list_display = ["title", "visibility", "status_in_words", "bill", "closes_at"]
    list_filter = ["visibility", "is_paused"]
    search_fields = ["title", "slug"]
    inlines = [CampaignTextInline, PositionInline, ConsentInline]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "slug",
                    "visibility",
                    "list_slugs",
                    "ask",
                    "summary",
                    "alternative_url",
                    "shows_board",
                ]
            },
        ),
        (for_staff_lazy("The bill"), {"fields": ["bill_type", "bill_number", "bill_congress", "introduced_on"]}),
        (for_staff_lazy("Beginning and end"), {"fields": ["opens_at", "closes_at", "is_paused", "closing_note"]}),
        (
            for_staff_lazy("The letter"),
            {
                "fields": [
                    "default_subject",
                    "default_body",
                    "body_for_supporters",
                    "paragraphs",
                    "paragraphs_per_letter",
                    "topics",
                ]
            },
        ),
    ]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Offer checkboxes: some topics have commas in their names, at which a typed list would be split."""
        if db_field.name == "topics":
            return checkboxes(db_field, [(topic, topic) for topic in TOPICS])
        if db_field.name == "list_slugs":
            return checkboxes(db_field, [(one.slug, one.name) for one in RecipientList.objects.all()])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say why the dashboard led here, if it did because the bill lapsed."""
        campaign: LetterCampaign | None = context["original"]
        now = congress_on(clock.now().date())
        congress = campaign.bill_congress if campaign and campaign.status == "open" else None
        has_lapsed = congress is not None and congress < now
        return super().render_change_form(request, {"has_lapsed": has_lapsed, **context}, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        of_one = {"preview": self.preview, "stands": self.stands}
        wrap = self.admin_site.admin_view
        return [
            *(path(f"<int:pk>/{name}/", wrap(do), name=self.url_name(name)) for name, do in of_one.items()),
            *super().get_urls(),
        ]

    def stands(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put down from a table where those on the campaign's lists stand, as a version of the campaign."""
        campaign = get_object_or_404(LetterCampaign, pk=pk)
        if not self.has_change_permission(request, campaign):
            raise PermissionDenied
        form = StandsForm(request.POST or None, request.FILES or None, campaign=campaign)
        if not form.is_valid():
            title = for_staff("Where they stand: from a table")
            context = {**self.admin_site.each_context(request), "form": form, "title": title, "original": campaign}
            return render(request, "admin/letters/lettercampaign/stands.html", context)
        with transaction.atomic():
            history.remember(campaign)
            number = stands.put_down(form.positions)
            self.log_change(request, campaign, [{"changed": {"name": "positions"}}])
        text = for_staff_plural(
            "The stand of %(number)s is put down.", "The stands of %(number)s are put down.", number
        )
        messages.success(request, text % {"number": number})
        return redirect("admin:letters_lettercampaign_change", pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the letters as three invented people would send them."""
        campaign = get_object_or_404(LetterCampaign, pk=pk)
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        people = [(sender, letter_templates.example(campaign, sender)) for sender in letter_templates.INVENTED]
        context = {**self.admin_site.each_context(request), "campaign": campaign, "people": people, "title": campaign}
        return render(request, "admin/letters/lettercampaign/preview.html", context)
