"""How letters reach an office, told before anybody writes."""

from django.utils.translation import gettext_lazy as _

from letters.channels import NoChannel, open_channels
from letters.models import ChannelName, Office

WORDS = {
    ChannelName.SANDBOX: _("This site is in rehearsal: letters to this office are written down here, but not sent."),
    ChannelName.EMAIL: _("Goes by e-mail to an address that this office gave for constituents' letters."),
}
NONE = _("There is no way to this office at the moment; your letter waits until there is one.")


def way_to(office: Office) -> str:
    """In the active language."""
    with open_channels() as channels:
        try:
            return str(WORDS[channels.of(office).name])
        except NoChannel:
            return str(NONE)
