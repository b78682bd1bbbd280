"""How a letter reaches its office, told in the same words while it is written, when it is confirmed, and afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from letters.delivery.channels import Channels, NoChannel, open_channels
from letters.models import ChannelName, Constituent, Delivery, Letter, LetterCampaign, Office
from letters.models.message import Message
from letters.models.sender import Sender

CHANNEL_LABELS = {
    ChannelName.SENATE_API: _("Sent through the Senate's own system for letters from constituents."),
    ChannelName.HOUSE_API: _("Sent through the House of Representatives' own system for letters from constituents."),
    ChannelName.EMAIL: _("Sent by email to an address that this office gave for constituents' letters."),
    ChannelName.CONTACT_FORM: _(
        "This office accepts letters only through the form on its own website. We prepare the letter, and "
        "you send it there yourself."
    ),
    ChannelName.PRINT: _("The coalition will print this letter and take it to the office."),
    ChannelName.SANDBOX: _("This site is in test mode: letters to this office are recorded here, but not sent."),
}
NONE = _("We cannot deliver letters to this office at the moment. Your letter will wait until we can.")


@dataclass(frozen=True)
class Way:
    words: Any  # translated when they are shown
    needs_prefix: bool = False
    is_there: bool = True
    is_by_hand: bool = False  # the writer's own


def ways_of(deliveries: Iterable[Delivery]) -> list[Way]:
    """Return how each of these letters goes, by its address and text as well as its office; none need be stored."""
    with open_channels() as channels:
        return [way_by(channels, delivery) for delivery in deliveries]


def way_by(channels: Channels, delivery: Delivery) -> Way:
    try:
        channel = channels.of_letter(delivery)
    except NoChannel:
        return Way(NONE, is_there=False)
    is_by_hand = channel.name == ChannelName.CONTACT_FORM
    return Way(CHANNEL_LABELS[channel.name], channel.needs_prefix, is_by_hand=is_by_hand)


def as_delivery(campaign: LetterCampaign, office: Office, message: Message, sender: Sender) -> Delivery:
    """Return a letter that is still being written, as it would be delivered."""
    constituent = Constituent(campaign=campaign, private=sender.stored())
    letter = Letter(campaign=campaign, office=office, constituent=constituent, content=message.content)
    return Delivery(letter=letter, delivery_id=uuid4().hex)


def out_of_reach(offices: Iterable[Office]) -> list[Office]:
    """Return those offices that no channel reaches which is allowed here; none while the site is rehearsed."""
    with open_channels() as channels:
        if channels.rehearsed_since:
            return []
        return [office for office in offices if not any(channels.reaching(office))]
