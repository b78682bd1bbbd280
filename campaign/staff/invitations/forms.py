"""The form that invites, and the one with which whoever was invited chooses a user name and a password."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from campaign.audit.models import Entry
from campaign.staff.accounts import rights
from campaign.staff.accounts.forms import CodeField, confirm_by_code
from campaign.staff.accounts.role_cards import RoleCard
from campaign.staff.invitations import workflow
from campaign.staff.login.forms import ONE_TIME
from campaign.staff.models import Invitation
from campaign.translation import for_staff, for_staff_lazy


def takes_code(by: Any) -> bool:
    """Return whether `by` could invite an administrator, and therefore is offered the field for a code."""
    return settings.STAFF_SECOND_FACTOR and bool(by.is_superuser)


class InviteForm(forms.ModelForm):
    """Offers the roles that the user may give. Making an administrator takes a code."""

    request: ClassVar[HttpRequest]  # set by the admin
    email = forms.EmailField(
        label=for_staff_lazy("E-mail address"),
        max_length=254,
        help_text=for_staff_lazy(
            "Their own, which nobody else reads: the link goes there, and whoever opens it becomes staff."
        ),
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    role = RoleCard(queryset=None, widget=forms.RadioSelect, empty_label=None, label=for_staff_lazy("Role"))
    code = CodeField(
        label=for_staff_lazy("Your own code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=ONE_TIME),
        help_text=for_staff_lazy(
            "Needed to invite an administrator. All other administrators are told once the invitation is used."
        ),
    )

    class Meta:
        model = Invitation
        fields = ["name", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by: Any = self.request.user
        role: Any = self.fields["role"]
        role.offer(rights.grantable_roles(by))
        if not takes_code(by):
            del self.fields["code"]

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        owner = workflow.account_with(address)
        if owner is not None and owner.is_active:
            raise ValidationError(
                for_staff("The account %(name)s has this address.") % {"name": owner.get_username()}, code="taken"
            )
        if workflow.is_waited_for(address):
            raise ValidationError(
                for_staff("Somebody with this address is invited already: send that invitation again, or withdraw it."),
                code="invited",
            )
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role and role.name == rights.ADMINISTRATOR and "code" in self.fields and not self.errors:
            by: Any = self.request.user
            confirm_by_code(self, self.request, by)
        return cleaned


class AcceptForm(UserCreationForm):
    """Asks for a user name, unless the invitation opens an account again, and for a password."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username",)

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        super().__init__(data, instance=invitation.account)
        self.fields["password1"].widget.attrs["minlength"] = "12"
        if invitation.account:
            del self.fields["username"]
            return
        name = self.fields["username"]
        name.validators.append(ASCIIUsernameValidator())
        name.help_text = for_staff("With it you log in, and under it the audit notes what you do. It stays as it is.")
        name.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})

    def clean_username(self) -> Any:
        """Refuse the name of somebody who was here before, by which the audit still calls them."""
        name = super().clean_username()
        if name and Entry.objects.filter(who=name).exists():
            raise ValidationError(for_staff("Somebody had this name before. Choose another one."), code="used_before")
        return name
