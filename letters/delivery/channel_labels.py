"""How letters reach an office, told before anybody writes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from letters.delivery.channels import NoChannel, open_channels
from letters.models import ChannelName, Delivery, Office

CHANNEL_LABELS = {
    ChannelName.SENATE_API: _("Sent through the Senate's own system for letters from constituents."),
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
    words: str  # in the active language
    needs_prefix: bool = False


def way_to(office: Office) -> Way:
    with open_channels() as channels:
        try:
            channel = channels.of(office)
        except NoChannel:
            return Way(str(NONE))
        return Way(str(CHANNEL_LABELS[channel.name]), channel.needs_prefix)


def out_of_reach(offices: Iterable[Office]) -> list[Office]:
    """Return those offices that no channel reaches which is allowed here; none while the site is rehearsed."""
    with open_channels() as channels:
        if channels.rehearsed_since:
            return []
        return [office for office in offices if not any(channels.reaching(office))]


def has_no_way(delivery: Delivery) -> bool:
    """Return whether no channel that is allowed here takes this letter."""
    with open_channels() as channels:
        if channels.rehearsed_since:
            return False
        try:
            channels.of_letter(delivery)
        except NoChannel:
            return True
        return False
