"""The admin site: its dashboard, its welcome page, and its models in the order of the work."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from backoffice import alerts, daily_work, dashboard, roles
from backoffice.first_steps import first_steps
from campaign.staff.accounts import address_verification
from campaign.staff.site import SecondFactorSite
from campaign.translation import for_staff, for_staff_lazy
from pages.content.context_processors import settings_of
from pages.translation import places, translators_desk

# Parts of the work, each with the models of any app that belong to it; what is not named comes last.
PARTS = [
    (
        for_staff_lazy("Pages and news"),
        ["Page", "NewsItem", "Audience", "Action", "TimelineEntry", "Picture", "Document", "Film", "Redirect"],
    ),
    (
        for_staff_lazy("Newsletter"),
        ["Issue", "WeeklyDigest", "Subscriber", "Segment", "SubscriberImport", "SubscriberExport", "Suppression"],
    ),
    (
        for_staff_lazy("Petitions"),
        [
            "Petition",
            "HeldSignature",
            "Voice",
            "Signature",
            "Decision",
            "PaperBatch",
            "HandOver",
            "KeyReplacement",
            "CountCheck",
        ],
    ),
    (
        for_staff_lazy("Letters"),
        ["LetterCampaign", "Delivery", "PrintRun", "RecipientList", "Office", "OfficeImport", "ChannelStatus"],
    ),
    (
        for_staff_lazy("The site"),
        [
            "SiteSettings",
            "SitePause",
            "Rehearsal",
            "RehearsedMail",
            "DomainRule",
            "Item",
            "Restoration",
            "Entry",
            "Invitation",
            "User",
            "Group",
            "Authenticator",
        ],
    ),
]


class StaffSite(SecondFactorSite):
    index_template = "admin/dashboard.html"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Name the site on the login page too, which Django would call by the host that was asked for."""
        return {**super().each_context(request), "site_name": settings_of(request).local.name}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user = request.user
        parts = {
            "restored": dashboard.restored(),
            "boards": dashboard.boards(user),
            "needs": alerts.of(user),
            "is_unverified": isinstance(user, User) and not address_verification.is_verified(user),
            "tasks": list(daily_work.tasks(user)),
            "first_steps": first_steps(user),
            "letters": dashboard.letter_states(user),
            "newsletter": dashboard.newsletter_figures(user),
            "last_seen": dashboard.seen_in_words(user),
            "recent": dashboard.recent(user),
        }
        return super().index(request, {**parts, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        ours = {"welcome": self.welcome, "roles": self.show_roles, **translators_desk.VIEWS, **places.VIEWS}
        paths = [path(f"{name.replace('_', '-')}/", self.admin_view(view), name=name) for name, view in ours.items()]
        return [*paths, *super().get_urls()]

    def welcome(self, request: HttpRequest) -> HttpResponse:
        """Show what editors do most; whoever edits no page could do nothing of it."""
        if not request.user.has_perm("pages.change_page"):
            raise PermissionDenied
        context = {**self.each_context(request), "title": for_staff("Welcome")}
        return TemplateResponse(request, "admin/welcome.html", context)

    def show_roles(self, request: HttpRequest) -> HttpResponse:
        """Show who may do what, as docs/roles.md does."""
        shown = {
            "cards": [(roles.NAMES[name], said) for name, said in roles.SENTENCES.items()],
            "columns": [roles.NAMES[name] for name in roles.IN_TABLE],
            "rows": roles.permission_rows(),
        }
        context = {**self.each_context(request), **shown, "title": for_staff("Who may do what")}
        return TemplateResponse(request, "admin/roles.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group the models by PARTS on the first page and in the sidebar, but not on the page of a single app."""
        if app_label:
            return super().get_app_list(request, app_label)
        known = request.__dict__  # the first page asks twice, and each time some models ask whether they have a row
        if "parts" not in known:
            known["parts"] = in_parts(super().get_app_list(request))
        parts: list[Any] = known["parts"]
        return parts


def in_parts(apps: list[Any]) -> list[Any]:
    models = {model["object_name"]: (app, model) for app in apps for model in app["models"]}
    named = [(str(name), [models.pop(key) for key in keys if key in models]) for name, keys in PARTS]
    named.append((for_staff("More"), list(models.values())))
    return [part(name, found) for name, found in named if found]


def part(name: str, found: list[tuple[Any, Any]]) -> dict[str, Any]:
    app = found[0][0]
    return {**app, "name": name, "models": [model for _app, model in found]}
