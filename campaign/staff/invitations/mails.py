"""The mail with the link of an invitation."""

from collections.abc import Iterator, Sequence

from campaign.mail.handler import Mail
from campaign.outbox.handlers import Item
from campaign.staff.accounts import role_cards
from campaign.staff.invitations import workflow
from campaign.staff.invitations.workflow import Standing
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.staff.models import Invitation


class InvitationMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        invitations = Invitation.objects.for_work().in_bulk([item.payload["invitation"] for item in items])
        for item in items:
            invitation = invitations.get(item.payload["invitation"])
            is_open = invitation is not None and workflow.standing_of(invitation) == Standing.OPEN
            yield item, invitation_mail(invitation) if invitation and is_open else None


def invitation_mail(invitation: Invitation) -> Mail:
    return staff_mail(
        "staff/invitation",
        to=invitation.address,
        name=invitation.name,
        by=invitation.inviter,
        role=role_cards.name_of(invitation.role),
        sentence=role_cards.sentence_of(invitation.role),
        url=workflow.invitation_link(invitation),
    )
