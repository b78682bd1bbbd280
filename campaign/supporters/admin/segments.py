"""Segments for staff: what their subscribers have in common, and how many they are now."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django_stubs_ext import StrOrPromise

from campaign.supporters.models import Segment, SubscriberImport
from campaign.supporters.models.segment import sizes
from campaign.translation import for_staff, for_staff_lazy
from campaign.web import countries

ANY = ("", for_staff_lazy("any"))


def languages() -> list[tuple[str, StrOrPromise]]:
    return [ANY, *settings.LANGUAGES]


def all_countries() -> list[tuple[str, StrOrPromise]]:
    return [ANY, *countries.choices()[1:]]


def tags() -> Iterable[tuple[str, StrOrPromise]]:
    known = {tag for tags in SubscriberImport.objects.values_list("tags", flat=True) for tag in tags}
    return [ANY, *((tag, tag) for tag in sorted(known))]


class SegmentForm(forms.ModelForm[Segment]):
    language = forms.ChoiceField(label=for_staff_lazy("Language"), required=False, choices=languages)
    country = forms.ChoiceField(
        label=for_staff_lazy("Country"),
        required=False,
        choices=all_countries,
        help_text=for_staff_lazy("Known only of those who came by an import that tells it."),
    )
    tag = forms.ChoiceField(
        label=for_staff_lazy("Tag"),
        required=False,
        choices=tags,
        help_text=for_staff_lazy("Of the import that they came by."),
    )

    class Meta:
        model = Segment
        fields = ["name", "language", "country", "source", "tag"]


@admin.register(Segment)
class SegmentAdmin(admin.ModelAdmin[Segment]):
    form = SegmentForm
    list_display = ["name", "language", "country", "source", "tag", "number_now"]
    list_select_related = ["source"]
    readonly_fields = ["number_now"]

    def get_fields(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        return [*SegmentForm.Meta.fields, "number_now"] if obj else SegmentForm.Meta.fields

    @admin.display(description=for_staff_lazy("subscribers now"))
    def number_now(self, segment: Segment) -> str:
        number = segment.size_now if hasattr(segment, "size_now") else segment.size()
        return f"{number:,}" if number else for_staff("fewer than ten")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Count all of them in one query."""
        listed = super().get_changelist_instance(request)
        counted = sizes(listed.result_list)
        for segment in listed.result_list:
            segment.size_now = counted[segment.pk]
        return listed
