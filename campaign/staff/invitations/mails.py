"""The mail with the link of an invitation."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.staff.accounts import role_cards
from campaign.staff.invitations import workflow
from campaign.staff.invitations.workflow import Standing
from campaign.staff.models import Invitation


class InvitationMail(MailHandler):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        invitations = Invitation.objects.for_work().in_bulk([item.payload["invitation"] for item in items])
        for item in items:
            invitation = invitations.get(item.payload["invitation"])
            is_open = invitation is not None and workflow.standing_of(invitation) == Standing.OPEN
            yield item, invitation_mail(invitation) if invitation and is_open else None


def invitation_mail(invitation: Invitation) -> Mail:
    context = {
        "name": invitation.name,
        "by": invitation.inviter,
        "role": invitation.role.name,
        "sentence": role_cards.sentence_of(invitation.role),
        "url": workflow.link_to(invitation),
        "site_url": settings.SITE_URL,
    }
    return Mail("staff/invitation", language=settings.LANGUAGE_CODE, to=invitation.address, context=context)
