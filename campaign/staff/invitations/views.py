"""The page of a mailed invitation. Whoever has the link reads the mailbox, so no login is asked for."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campaign.staff.accounts import role_cards
from campaign.staff.invitations import workflow
from campaign.staff.invitations.forms import AcceptForm
from campaign.staff.invitations.workflow import InvitationClosed, Standing
from campaign.staff.login import known_devices
from campaign.staff.models import Invitation
from campaign.translation import for_staff, for_staff_lazy
from campaign.web.decorators import personal_page

BACKEND = "django.contrib.auth.backends.ModelBackend"
TAKEN = for_staff_lazy(
    "Somebody took this name, or has this mailbox, since the page was opened. Try again with another name."
)


@personal_page
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a name and a password; then log the new account in, which leads to the set-up of the second factor."""
    invitation = workflow.invitation_of(token)
    if invitation is None or workflow.standing_of(invitation) != Standing.OPEN:
        return closed(request, invitation)
    form = AcceptForm(invitation, request.POST or None)
    if form.is_valid():
        try:
            return welcome(request, workflow.accept(invitation, person=form.save(commit=False)))
        except InvitationClosed:
            return closed(request, workflow.invitation_of(token))
        except IntegrityError:
            form.add_error(None, TAKEN)
    shown = {
        "title": for_staff("Join the staff"),
        "invitation": invitation,
        "role": role_cards.name_of(invitation.role),
        "sentence": role_cards.sentence_of(invitation.role),
        "form": form,
    }
    return render(request, "admin/invitation/accept.html", {**admin.site.each_context(request), **shown})


def welcome(request: HttpRequest, person: User) -> HttpResponse:
    login(request, person, backend=BACKEND)
    if settings.STAFF_SECOND_FACTOR:
        return redirect("admin:second_factor_set_up")
    response = redirect("admin:index")
    known_devices.remember_device(request, response, person)
    return response


def closed(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    standing = workflow.standing_of(invitation).value if invitation else "unknown"
    shown = {"title": for_staff("This link opens nothing"), "invitation": invitation, "standing": standing}
    return render(request, "admin/invitation/closed.html", {**admin.site.each_context(request), **shown}, status=404)
