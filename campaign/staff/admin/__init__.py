"""Staff themselves in the admin: accounts, roles, second factors and invitations."""

from campaign.staff.admin.accounts import AccountAdmin, AuthenticatorAdmin, RoleAdmin
from campaign.staff.admin.invitations import InvitationAdmin

__all__ = ["AccountAdmin", "AuthenticatorAdmin", "InvitationAdmin", "RoleAdmin"]
