"""Invite somebody to the staff, with a role, by a mailed link that is good for three days and works once.

    invitation = invite(name="Ana López", address="ana@example.org", role=role, by=user)
    person = accept(invitation, person=User(username="ana"))

Nobody but the reader of that mailbox ever knows the password. Whoever had left, and is invited at the address that they
had verified, gets their account back: with the role of the invitation, and none of the rights that it had. Such an
account is as new as any other, so it is no second person for a while (campaign/staff/accounts/standing.py).
"""

from datetime import timedelta
from enum import Enum

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from campaign import audit
from campaign.database import clock
from campaign.outbox import queue
from campaign.secrecy import tokens
from campaign.staff.accounts import address_verification, mails, rights
from campaign.staff.accounts.address_verification import mailbox_fingerprint
from campaign.staff.login import second_factor
from campaign.staff.models import Invitation
from campaign.web.links import absolute

INVITED = "staff.invitation"
PURPOSE = "staff-invitation"
KEPT = timedelta(days=30)  # after its last day, so that its link can still say what became of it


class Standing(Enum):
    """Where an invitation stands; templates/admin/invitation/closed.html has words for each that is not open."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"  # whoever invited may not do so any more
    TAKEN = "taken"  # another account has the mailbox


class InvitationClosed(Exception):
    """The link of the invitation opens nothing; `standing` says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.value)
        self.standing = standing


@transaction.atomic
def invite(*, name: str, address: str, role: Group, by: User) -> Invitation:
    """Store the invitation and put its mail into the outbox."""
    nonce = tokens.new_nonce()
    invitation = Invitation.objects.create(
        name=name,
        address=address,
        role=role,
        invited_by=by,
        account=account_with(address),
        nonce=nonce,
        token_digest=tokens.digest(tokens.token_for(nonce, PURPOSE)),
    )
    audit.note("invitation.made", by=by.get_username(), on=invitation, role=role.name)
    put_invitation_mail(invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> None:
    """Mail the link once more, for three days from now on. Raises InvitationClosed if it would open nothing then."""
    locked = Invitation.objects.locked(invitation)
    locked.expires_at = clock.now() + Invitation.LASTS
    require_open(locked)
    locked.save(update_fields=["expires_at"])
    audit.note("invitation.sent-again", by=by.get_username(), on=locked)
    put_invitation_mail(locked)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> bool:
    """Let the link open nothing any more; return False if the invitation is closed."""
    if not Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=Now()):
        return False
    audit.note("invitation.withdrawn", by=by.get_username(), on=invitation)
    return True


def put_invitation_mail(invitation: Invitation) -> None:
    queue.put(INVITED, payload={"invitation": invitation.pk}, secret={"address": invitation.address})


def invitation_link(invitation: Invitation) -> str:
    """Return the mailed link, which holds neither name nor address."""
    return absolute(reverse("admin:accept_invitation", args=[tokens.token_for(invitation.nonce, PURPOSE)]))


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a link, or None for a link that we did not mail, or that is long over."""
    return Invitation.objects.for_work().filter(token_digest=tokens.digest(token)).first()


def standing_of(invitation: Invitation) -> Standing:
    if invitation.accepted_at:
        return Standing.ACCEPTED
    if invitation.withdrawn_at:
        return Standing.WITHDRAWN
    if invitation.expires_at <= clock.now():
        return Standing.EXPIRED
    if not may_invite(invitation.invited_by, invitation.role):
        return Standing.VOID
    return Standing.TAKEN if is_mailbox_taken(invitation) else Standing.OPEN


def require_open(invitation: Invitation) -> None:
    """Raises InvitationClosed."""
    standing = standing_of(invitation)
    if standing != Standing.OPEN:
        raise InvitationClosed(standing)


def may_invite(by: User | None, role: Group) -> bool:
    """Return whether `by` may make accounts, and give them that role."""
    may_add = by is not None and by.is_active and by.has_perms(["auth.add_user", "auth.change_user"])
    return bool(by and may_add and rights.may_manage_role(role, by=by))


@transaction.atomic
def accept(invitation: Invitation, *, person: User) -> User:
    """Make the account, or open it again; `person` is not saved yet and has a name and a password.

    Raises InvitationClosed, and IntegrityError if the name or the mailbox was taken a moment ago.
    """
    invitation = Invitation.objects.locked(invitation)
    require_open(invitation)
    first, _space, last = invitation.name.partition(" ")
    person.first_name, person.last_name, person.email = first, last, invitation.address
    person.is_active, person.is_staff, person.is_superuser = True, True, False
    person.date_joined = clock.now()
    person.save()
    second_factor.remove(person)
    person.user_permissions.clear()
    person.groups.set([invitation.role])
    address_verification.mark_verified(person)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=Now(), account=person)
    name = person.get_username()
    audit.note("invitation.accepted", by=name, on=person, invitation=invitation.pk, role=invitation.role.name)
    if invitation.role.name == rights.ADMINISTRATOR and invitation.invited_by:
        audit.note("administrator.made", by=invitation.invited_by.get_username(), on=person)
        mails.announce_administrator(person, by=invitation.invited_by)
    return person


def account_with(address: str) -> User | None:
    """Return the account that has verified an address of this mailbox."""
    return User.objects.filter(verified_address__fingerprint=mailbox_fingerprint(address)).first()


def is_mailbox_taken(invitation: Invitation) -> bool:
    """Return whether the mailbox is that of an account which this invitation does not open again."""
    owner = account_with(invitation.address)
    return owner is not None and (owner.pk != invitation.account_id or owner.is_active)


def is_waited_for(address: str) -> bool:
    """Return whether an invitation to this mailbox waits."""
    waiting = Invitation.objects.waiting().filter(expires_at__gt=Now())
    return mailbox_fingerprint(address) in {mailbox_fingerprint(each.address) for each in waiting}


def forget() -> int:
    """Delete invitations that have long been over (settings.PURGES); return how many."""
    return Invitation.objects.filter(expires_at__lt=Now() - KEPT).delete()[0]
