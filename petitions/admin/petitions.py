"""The admin of petitions: write, schedule, publish, pause, archive, change keys, watch."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from campaign.appeals.admin import AppealAdmin
from campaign.appeals.models import Visibility
from campaign.audit import Detail
from campaign.revisions.versioned_admin import VersionedAdmin
from campaign.translation import for_staff_lazy
from petitions.admin import activity, texts, updates
from petitions.admin.count_checks import MilestoneInline
from petitions.admin.keys import KeyInline
from petitions.counting import monitoring
from petitions.models import Petition, PetitionKey


@admin.register(Petition)
class PetitionAdmin(VersionedAdmin, AppealAdmin[Petition]):
    change_form_template = "admin/petitions/petition/change_form.html"
    list_display = [
        "__str__",
        "slug",
        "visibility",
        "status_in_words",
        "count",
        "next_milestone",
        "opens_at",
        "closes_at",
    ]
    fieldsets = [
        (None, {"fields": ["slug", "visibility", "asked_by", "goal", "history_url", "asks_why"]}),
        (for_staff_lazy("Beginning and end"), {"fields": ["opens_at", "closes_at", "is_paused"]}),
        (
            for_staff_lazy("Delivery to the addressee"),
            {"fields": [("delivered_on", "delivered_count"), "delivery_url"], "classes": ["collapse"]},
        ),
        (for_staff_lazy("What is kept"), {"fields": ["active_key", "retention_months", "remind_after_days"]}),
        (
            for_staff_lazy("After signing"),
            {"fields": ["local_step_country", "local_step_url", "next_step_url", "next_step_label"]},
        ),
    ]

    @admin.display(description=for_staff_lazy("next milestone"))
    def next_milestone(self, petition: Petition) -> int | None:
        return next((one.count for one in petition.milestones.all() if not one.reached_at), None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        return Petition.objects.for_display().prefetch_related("milestones")

    def get_inlines(self, request: HttpRequest, obj: Petition | None) -> list[type[InlineModelAdmin]]:
        return (
            [texts.TextInline, texts.FixedTextInline, KeyInline, MilestoneInline]
            if obj
            else [texts.TextInline, KeyInline]
        )

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: object
    ) -> forms.ModelChoiceField | None:
        """Offer only the petition's own keys; a new petition has none yet."""
        if db_field.name == "active_key" and request.resolver_match:
            own = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = PetitionKey.objects.filter(petition=own) if own else PetitionKey.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Petition | None = None) -> list[str]:
        """Fix the slug of what has been public, as printed sheets, mails and shared links lead to it.

        The key of what was signed is changed by a replacement that takes two people.
        """
        fixed = {"slug": obj.has_been_public, "active_key": obj.is_signed} if obj else {}
        names = [name for name, is_fixed in fixed.items() if is_fixed]
        return [*names, *super().get_readonly_fields(request, obj)]

    def save_model(self, request: HttpRequest, obj: Petition, form: forms.ModelForm, change: bool) -> None:
        """Save all but the visibility, which save_related sets last, since texts are fixed once it is public."""
        wanted, obj.visibility = obj.visibility, form.initial["visibility"] if change else Visibility.DRAFT
        super().save_model(request, obj, form, change)
        obj.visibility = wanted
        if not change:
            monitoring.add_first_milestones(obj)

    def details_of(self, petition: Petition) -> dict[str, Detail]:
        """Return details for the audit in addition to the names of the changed fields."""
        return {
            "visibility": petition.visibility,
            "is_paused": petition.is_paused,
            "key": petition.active_key_id,
        }

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.save(update_fields=["visibility"])

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "live": ("<int:pk>/live/", activity.live),
            "update": ("<int:pk>/update/", updates.update),
            "trends": ("<int:pk>/trends/", activity.trends),
            "texts": ("<int:pk>/texts/", texts.side_by_side),
            "preview": ("<int:pk>/texts/<str:language>/preview/", texts.preview),
            "new_version": ("<int:pk>/texts/<str:language>/new/", texts.new_version),
        }
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"petitions_petition_{name}")
            for name, (route, view) in pages.items()
        ]
        return [*ours, *super().get_urls()]
