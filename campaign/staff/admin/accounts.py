"""The admin of staff accounts, their roles and second factors. Accounts are made by invitation (invitations.py).

Nobody grants what they do not have (campaign/staff/accounts/rights.py), changes their own rights, or makes an
administrator without a code (campaign/staff/accounts/forms.py). A second factor is removed for a colleague who
lost phone and recovery codes, never for oneself, since whoever sits at an unlocked computer would do that first.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from campaign import audit
from campaign.admin.permissions import NoAdding, NoChanging
from campaign.staff.accounts import address_verification, departures, former_contacts, mails, rights, role_cards
from campaign.staff.accounts.forms import AccountForm, LeaveForm, asks_code
from campaign.staff.login import second_factor
from campaign.staff.models import Authenticator
from campaign.translation import for_staff, for_staff_lazy

admin.site.unregister([User, Group])

OWN_RIGHTS = ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]
EVERYTHING = "everything"  # a superuser's link to what roles need not: single permissions, and Django's flags


class RightsAdmin(admin.ModelAdmin):
    """Offers and accepts only roles and permissions that the user has.

    Contacts of those who lose an address or rights are kept for a while, so that they can still be notified there.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with kept_contacts(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with kept_contacts(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with kept_contacts(request):
            return super().changelist_view(request, *args, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = rights.grantable_roles(request.user)
        if db_field.name in {"permissions", "user_permissions"}:
            kwargs["queryset"] = rights.grantable_permissions(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class AccountAdmin(RightsAdmin, UserAdmin):
    """Nobody can change user names, by which the audit identifies people, nor how old an account is.

    Nobody changes what they may do themselves, nor closes or deletes their own account.
    """

    form = AccountForm
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (for_staff_lazy("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (
            for_staff_lazy("Roles"),
            {
                "fields": ["groups"],
                "description": for_staff_lazy("What somebody may do is what one of their roles may."),
            },
        ),
        (for_staff_lazy("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    list_display = ["username", "email", "first_name", "last_name", "roles", "is_active"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = ["user_permissions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups", "user_permissions__content_type")

    def get_readonly_fields(self, request: Any, obj: User | None = None) -> list[str]:
        if obj is None:
            return []
        beyond = [] if request.user.is_superuser else ["is_superuser"]
        return ["username", "last_login", "date_joined", *(OWN_RIGHTS if obj == request.user else beyond)]

    @admin.display(description=for_staff_lazy("roles"))
    def roles(self, person: User) -> str:
        named = ["superuser"] if person.is_superuser else []
        return ", ".join(named + [role_cards.name_of(role) for role in person.groups.all()])

    def get_fieldsets(self, request: Any, obj: User | None = None) -> Any:
        shows_everything = request.user.is_superuser and EVERYTHING in request.GET
        fieldsets = list(UserAdmin.fieldsets or [] if shows_everything else super().get_fieldsets(request, obj))
        return (
            [*fieldsets, (for_staff("Confirmation"), {"fields": ["code"]})]
            if asks_code(request.user, obj)
            else fieldsets
        )

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form_class: Any = super().get_form(request, obj, change=change, **kwargs)
        return type(form_class.__name__, (form_class,), {"request": request})

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            roles = role_cards.in_order(rights.grantable_roles(request.user))
            return role_cards.RoleCards(queryset=roles, required=False, label=for_staff("Roles"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Lead to the invitation: nobody makes an account for somebody else, whose password they would know."""
        return redirect("admin:staff_invitation_add")

    def get_urls(self) -> list[Any]:
        leave = self.admin_site.admin_view(self.leave)
        return [path("<int:pk>/leave/", leave, name="auth_user_leave"), *super().get_urls()]

    def leave(self, request: Any, pk: int) -> HttpResponse:
        """Show what happens when somebody leaves the staff, and do it on a press of the button."""
        person = get_object_or_404(User, pk=pk)
        if person == request.user or not self.has_change_permission(request, person):
            raise PermissionDenied
        form = LeaveForm(person, request.POST if request.method == "POST" else None)
        if person.is_active and form.is_valid():
            heir = form.cleaned_data["heir"]
            try:
                departures.leave(person, by=request.user, heir=heir)
            except departures.UnfitHeir:
                why = for_staff("they have left, or their roles do not allow it")
                form.add_error(
                    "heir",
                    for_staff("%(heir)s may not have what %(person)s has begun: %(why)s.")
                    % {"heir": heir, "person": person, "why": why},
                )
            else:
                self.message_user(
                    request, for_staff("%(person)s has left the staff.") % {"person": person}, messages.SUCCESS
                )
                return redirect("admin:auth_user_changelist")
        shown = {"person": person, "form": form, "begun": departures.belongings_of(person), "opts": self.opts}
        context = {
            **self.admin_site.each_context(request),
            **shown,
            "title": for_staff("%(person)s leaves the staff") % {"person": person},
        }
        return render(request, "admin/auth/user/leave.html", context)

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data and obj.email:
            address_verification.ask(obj)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if getattr(form, "makes_administrator", False):  # a new account has another form, and no rights yet
            audit.note("administrator.made", by=request.user.get_username(), on=form.instance)
            mails.announce_administrator(form.instance, by=request.user)

    def has_change_permission(self, request: Any, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and is_manageable(request, obj)

    def has_delete_permission(self, request: Any, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and is_manageable(request, obj) and obj != request.user


@admin.register(Group)
class RoleAdmin(RightsAdmin, GroupAdmin):
    def has_change_permission(self, request: Any, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and is_manageable_role(request, obj)

    def has_delete_permission(self, request: Any, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and is_manageable_role(request, obj)


def kept_contacts(request: HttpRequest) -> AbstractContextManager[None]:
    return former_contacts.keep_changed() if request.method == "POST" else nullcontext()


def is_manageable(request: Any, person: User | None) -> bool:
    return person is None or rights.may_manage(person, by=request.user)


def is_manageable_role(request: Any, role: Group | None) -> bool:
    return role is None or rights.may_manage_role(role, by=request.user)


@admin.register(Authenticator)
class AuthenticatorAdmin(NoAdding, NoChanging, admin.ModelAdmin[Authenticator]):
    notes_itself = True
    list_display = ["user", "created_at", "last_used_at"]
    fields = ["user", "created_at", "last_used_at"]
    search_fields = ["user__username"]
    ordering = ["user__username"]

    def has_delete_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        if obj is None:
            return super().has_delete_permission(request)
        is_ones_own = obj.user == request.user
        return super().has_delete_permission(request, obj) and not is_ones_own and is_manageable(request, obj.user)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        second_factor.reset(obj.user, by=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for authenticator in queryset:
            self.delete_model(request, authenticator)
