"""What staff do with petitions: write, schedule, publish, pause, archive, change keys, look."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from campaign.audit import Detail
from petitions import watch
from petitions.admin import texts, updates, watching
from petitions.admin.checks import MilestoneInline
from petitions.admin.keys import KeyInline
from petitions.models import Petition, PetitionKey
from petitions.models.petition import Visibility

STATUS = {"open": _("open"), "paused": _("paused"), "upcoming": _("not open yet"), "closed": _("closed")}


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin[Petition]):
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
        (None, {"fields": ["slug", "visibility", "asked_by", "goal", "asks_why"]}),
        (_("When"), {"fields": ["opens_at", "closes_at", "is_paused"]}),
        (_("What is kept"), {"fields": ["active_key", "retention_months", "remind_after_days"]}),
        (_("After signing"), {"fields": ["local_step_country", "local_step_url", "next_step_url", "next_step_label"]}),
    ]

    @admin.display(description=_("state"))
    def status_in_words(self, petition: Petition) -> str:
        return str(STATUS[petition.status])

    @admin.display(description=_("next milestone"))
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
        """Only the petition's own keys can be chosen; a new petition has none yet."""
        if db_field.name == "active_key" and request.resolver_match:
            own = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = PetitionKey.objects.filter(petition=own) if own else PetitionKey.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Petition | None = None) -> list[str]:
        """Printed sheets, mails and shared links lead to the address of what has been public."""
        return ["slug"] if obj and obj.has_been_public else []

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Petition, form: forms.ModelForm, change: bool) -> None:
        """All but the visibility, which follows behind the texts: a public one could not be changed any more."""
        wanted, obj.visibility = obj.visibility, form.initial["visibility"] if change else Visibility.DRAFT
        super().save_model(request, obj, form, change)
        obj.visibility = wanted
        if not change:
            watch.add_first_milestones(obj)

    def details_of(self, petition: Petition) -> dict[str, Detail]:
        """For the audit, beside the names of the fields that changed."""
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
            "live": ("<int:pk>/live/", watching.live),
            "update": ("<int:pk>/update/", updates.update),
            "trends": ("<int:pk>/trends/", watching.trends),
            "texts": ("<int:pk>/texts/", texts.side_by_side),
            "preview": ("<int:pk>/texts/<str:language>/preview/", texts.preview),
            "new_version": ("<int:pk>/texts/<str:language>/new/", texts.new_version),
        }
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"petitions_petition_{name}")
            for name, (route, view) in pages.items()
        ]
        return [*ours, *super().get_urls()]
