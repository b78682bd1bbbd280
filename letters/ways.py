"""How letters reach an office, told before anybody writes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from letters.channels import NoChannel, open_channels
from letters.models import ChannelName, Office

WORDS = {
    ChannelName.SENATE_API: _("Goes through the Senate's own system for letters from constituents."),
    ChannelName.EMAIL: _("Goes by e-mail to an address that this office gave for constituents' letters."),
    ChannelName.CONTACT_FORM: _(
        "This office takes letters only through the form on its own site: you send it there yourself, and we prepare "
        "it for you."
    ),
    ChannelName.PRINT: _("The coalition prints this letter and takes it to the office."),
    ChannelName.SANDBOX: _("This site is in rehearsal: letters to this office are written down here, but not sent."),
}
NONE = _("There is no way to this office at the moment; your letter waits until there is one.")


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
        return Way(str(WORDS[channel.name]), channel.needs_prefix)
