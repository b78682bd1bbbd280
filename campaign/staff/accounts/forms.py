"""The form of a staff account, in which only a superuser makes an administrator, with a fresh code.

An administrator has superuser status or the role Administrator. Whoever activates such an account again, or lets it
into the admin, makes one, too.
"""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from campaign.staff.accounts.rights import ADMINISTRATOR
from campaign.staff.login.forms import ONE_TIME, accept_typed_code
from campaign.translation import for_staff, for_staff_lazy

FLAGS = ("is_superuser", "is_active", "is_staff")
OF_ADMINISTRATORS = {"is_superuser", ADMINISTRATOR}


class CodeField(forms.CharField):
    """A code confirms the form and is none of its values, so it is not listed among what was changed."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def asks_code(by: Any, person: User | None) -> bool:
    """Return whether `by` could make an administrator of `person`, and therefore is offered the field for a code."""
    return settings.STAFF_SECOND_FACTOR and by.is_superuser and person is not None and person.pk != by.pk


class AccountForm(UserChangeForm):
    request: ClassVar[HttpRequest]  # set by the admin
    makes_administrator = False
    code = CodeField(
        label=for_staff_lazy("Your own code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=ONE_TIME),
        help_text=for_staff_lazy(
            "Needed to make somebody an administrator: the six digits that the app on your phone shows now, or one of"
            " your recovery codes. All other administrators are told."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by: Any = self.request.user
        if not asks_code(self.by, self.instance):
            del self.fields["code"]

    def clean_groups(self) -> QuerySet[Group]:
        """Keep the roles that the user may neither give nor take."""
        offered: Any = self.fields["groups"]
        kept = self.instance.groups.exclude(pk__in=offered.queryset.values("pk"))
        chosen = self.cleaned_data["groups"]
        return Group.objects.filter(pk__in=[role.pk for role in (*chosen, *kept)])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        before = {flag for flag in FLAGS if getattr(self.instance, flag)}
        before |= {role.name for role in self.instance.groups.all()}
        after = {flag for flag in FLAGS if cleaned.get(flag, getattr(self.instance, flag))}
        after |= {role.name for role in cleaned.get("groups", self.instance.groups.all())}
        gained = (after - before) & {*FLAGS, ADMINISTRATOR}
        self.makes_administrator = bool(after & OF_ADMINISTRATORS and gained)
        if self.makes_administrator and not self.by.is_superuser:
            raise ValidationError(for_staff("Only a superuser makes an administrator."), code="not_superuser")
        if self.makes_administrator and "code" in self.fields and not self.errors:
            confirm_by_code(self, self.request, self.by)
        return cleaned


class LeaveForm(forms.Form):
    """Ask for the colleague to whom the drafts and schedules of a leaver are handed over."""

    heir = forms.ModelChoiceField(
        label=for_staff_lazy("Hand it over to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=for_staff_lazy("nobody: it stays without an owner"),
    )

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data)
        heir: Any = self.fields["heir"]
        heir.queryset = User.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk).order_by("username")


def confirm_by_code(form: forms.BaseForm, request: HttpRequest, by: User) -> None:
    """Add an error to the form unless its field `code` holds a code of `by`."""
    typed = form.cleaned_data.get("code", "")
    if not typed:
        form.add_error("code", for_staff("Making an administrator takes a code of your own."))
        return
    try:
        accept_typed_code(request, by, typed)
    except ValidationError as refusal:
        form.add_error("code", refusal)
