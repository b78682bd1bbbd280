"""The admin as a workplace: its first page, its welcome, and its parts in the order of the work."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from campaign.staff.site import Desk
from pages import dashboard, needs

# Parts of the work, each with the models of any app that belong to it; what is not named comes last.
PARTS = [
    (_("Pages and news"), ["Page", "NewsItem", "Audience", "Action", "TimelineEntry", "Picture", "Document"]),
    (_("Newsletter"), ["Issue", "Suppression"]),
    (
        _("Petitions"),
        ["Petition", "HeldSignature", "Voice", "Signature", "Decision", "PaperBatch", "HandOver", "CountCheck"],
    ),
    (_("Letters"), ["LetterCampaign", "Delivery", "Office", "OfficeImport", "ChannelStatus"]),
    (_("The site"), ["SiteSettings", "SitePause", "DomainRule", "Item", "Entry", "User", "Group", "Authenticator"]),
]


class StaffSite(Desk):
    index_template = "admin/dashboard.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user = request.user
        parts = {
            "boards": dashboard.boards(user),
            "needs": needs.of(user),
            "letters": dashboard.letters(user),
            "newsletter": dashboard.newsletter(user),
            "recent": dashboard.recent(user),
        }
        return super().index(request, {**parts, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        return [path("welcome/", self.admin_view(self.welcome), name="welcome"), *super().get_urls()]

    def welcome(self, request: HttpRequest) -> HttpResponse:
        context = {**self.each_context(request), "title": _("Welcome")}
        return TemplateResponse(request, "admin/welcome.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Grouped by PARTS on the first page and in the sidebar; one app's own page stays as Django has it."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else in_parts(apps)


def in_parts(apps: list[Any]) -> list[Any]:
    models = {model["object_name"]: (app, model) for app in apps for model in app["models"]}
    named = [(str(name), [models.pop(key) for key in keys if key in models]) for name, keys in PARTS]
    named.append((str(_("More")), list(models.values())))
    return [part(name, found) for name, found in named if found]


def part(name: str, found: list[tuple[Any, Any]]) -> dict[str, Any]:
    app = found[0][0]
    return {**app, "name": name, "models": [model for _app, model in found]}
