"""The admin of invitations: whoever may make accounts invites, and sees what waits, to send it again or withdraw it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from campaign.admin.permissions import NoChanging, NoDeleting
from campaign.database import clock
from campaign.staff.accounts import role_cards
from campaign.staff.invitations import workflow
from campaign.staff.invitations.forms import InviteForm, takes_code
from campaign.staff.invitations.workflow import InvitationClosed, Standing
from campaign.staff.models import Invitation
from campaign.translation import for_staff, for_staff_lazy

CLOSED = for_staff_lazy("This invitation was used or withdrawn meanwhile.")
WHY_NOT_SENT = {
    Standing.ACCEPTED: for_staff_lazy("The invitation was used meanwhile."),
    Standing.WITHDRAWN: for_staff_lazy("The invitation was withdrawn meanwhile."),
    Standing.VOID: for_staff_lazy("Whoever invited may not do so any more: withdraw it, and invite anew."),
    Standing.TAKEN: for_staff_lazy("An account has this address by now: withdraw the invitation."),
}


@admin.register(Invitation)
class InvitationAdmin(NoChanging, NoDeleting, admin.ModelAdmin[Invitation]):
    notes_itself = True
    form = InviteForm
    list_display = ["name", "address", "role_name", "invited_by", "stands", "expires_at", "buttons"]
    list_display_links = None
    list_select_related = ["role", "invited_by"]
    actions = None

    @admin.display(description=for_staff_lazy("role"), ordering="role")
    def role_name(self, invitation: Invitation) -> str:
        return role_cards.name_of(invitation.role)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": for_staff("Invite somebody"), **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": for_staff("Invitations that wait"), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        return Invitation.objects.waiting()

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        if obj is not None:
            return ["name", "role", "invited_by", "made_at", "expires_at"]
        return ["name", "email", "role", *(["code"] if takes_code(request.user) else [])]

    def get_form(self, request: HttpRequest, obj: Invitation | None = None, change: bool = False, **kwargs: Any) -> Any:
        form_class: Any = super().get_form(request, obj, change=change, **kwargs)
        return type(form_class.__name__, (form_class,), {"request": request})

    def may_invite(self, request: Any) -> bool:
        may: bool = request.user.has_perms(["auth.add_user", "auth.change_user"])
        return may

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_invite(request)

    def has_view_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return self.may_invite(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_invite(request)

    def save_model(self, request: Any, obj: Invitation, form: Any, change: bool) -> None:
        typed = form.cleaned_data
        made = workflow.invite(name=typed["name"], address=typed["email"], role=typed["role"], by=request.user)
        obj.pk = made.pk

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(
            request, for_staff("An invitation is on its way to %(name)s.") % {"name": obj.name}, messages.SUCCESS
        )
        return redirect("admin:staff_invitation_changelist")

    @admin.display(description=for_staff_lazy("stands"))
    def stands(self, invitation: Invitation) -> str:
        return for_staff("is over") if invitation.expires_at <= clock.now() else for_staff("waits")

    @admin.display(description=for_staff_lazy("act"))
    def buttons(self, invitation: Invitation) -> SafeString:
        acts = [("send_again", for_staff("Send again")), ("withdraw", for_staff("Withdraw"))]
        urls = [(reverse(f"admin:staff_invitation_{act}", args=[invitation.pk]), words) for act, words in acts]
        return format_html_join(" ", '<button type="submit" class="button" formaction="{}">{}</button>', urls)

    def get_urls(self) -> list[URLPattern]:
        views = {"send_again": self.send_again, "withdraw": self.withdraw}
        ours = [
            path(f"<int:pk>/{act}/", self.admin_site.admin_view(self.button(view)), name=f"staff_invitation_{act}")
            for act, view in views.items()
        ]
        return [*ours, *super().get_urls()]

    def button(self, view: Callable[[Any, Invitation], None]) -> Callable[..., HttpResponse]:
        """Return the view of a button, which leads back to the list."""

        def pressed(request: HttpRequest, pk: int) -> HttpResponse:
            if request.method != "POST" or not self.may_invite(request):
                raise PermissionDenied
            view(request, get_object_or_404(Invitation.objects.for_work(), pk=pk))
            return redirect("admin:staff_invitation_changelist")

        return pressed

    def send_again(self, request: Any, invitation: Invitation) -> None:
        if not workflow.may_invite(request.user, invitation.role):
            raise PermissionDenied("this role is beyond one's own rights")
        try:
            workflow.resend(invitation, by=request.user)
        except InvitationClosed as closed:
            self.message_user(
                request,
                for_staff("Nothing was sent. %(why)s") % {"why": WHY_NOT_SENT[closed.standing]},
                messages.ERROR,
            )
        else:
            self.message_user(
                request,
                for_staff("The link is on its way to %(name)s again.") % {"name": invitation.name},
                messages.SUCCESS,
            )

    def withdraw(self, request: Any, invitation: Invitation) -> None:
        if workflow.withdraw(invitation, by=request.user):
            self.message_user(
                request,
                for_staff("The link that %(name)s has opens nothing now.") % {"name": invitation.name},
                messages.SUCCESS,
            )
        else:
            self.message_user(request, CLOSED, messages.ERROR)
