"""What becomes of a constituent's letters, in plain words; never more than is known."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from letters.channels.printing import TO_BE_PRINTED
from letters.models import ChannelName, Delivery, Office
from letters.states import State

Words = tuple[str, Any, Any]  # kind, label, text

HANDED_OVER = {
    ChannelName.EMAIL: _(
        "The mail server took your letter for the address that this office gave. Whether somebody has read it, nobody "
        "can tell from here."
    ),
    ChannelName.PRINT: _("The coalition has printed your letter and posted it, or taken it to the office."),
    ChannelName.SENATE_API: _(
        "The Senate's system took your letter. Whether somebody in the office has read it, nobody can tell from here."
    ),
}


@dataclass(frozen=True)
class Status:
    """`kind` names the icon and colour; `can_withdraw`, whether the letter can still be taken back."""

    delivery: Delivery
    kind: str
    label: str
    text: str
    can_withdraw: bool = False

    @property
    def office(self) -> Office:
        return self.delivery.letter.office

    @property
    def needs_hand(self) -> bool:
        """Whether the constituent can still send it themself."""
        is_theirs = self.delivery.state in {State.NEEDS_CONSTITUENT, State.DEAD}
        return is_theirs and not self.delivery.sent_by_hand_at


def status_of(delivery: Delivery) -> Status:
    kind, label, text = words(delivery)
    return Status(delivery, kind, str(label), str(text), can_withdraw=delivery.state == State.READY)


def words(delivery: Delivery) -> Words:
    if delivery.state == State.ACCEPTED:
        return accepted(delivery)
    if delivery.sent_by_hand_at:
        return "good", _("You told us you sent it"), _("You sent this letter to the office yourself. Thank you.")
    if delivery.held_because == TO_BE_PRINTED:
        return "clock", _("To be printed"), _("The coalition prints this letter and takes it to the office.")
    if delivery.held_because:
        return (
            "clock",
            _("Waiting for our staff"),
            _("We are checking something about this office first. Your letter is safe and not forgotten."),
        )
    return {
        State.UNCONFIRMED: (
            "clock",
            _("Not confirmed"),
            _("Nothing is sent before you confirm it by the link in our mail."),
        ),
        State.READY: ("clock", pgettext("letter", "Waiting"), _("Your letter is confirmed and goes out soon.")),
        State.SENDING: ("clock", pgettext("letter", "On its way"), _("Your letter is being handed over right now.")),
        State.NEEDS_CONSTITUENT: (
            "warning",
            _("Needs your hand"),
            _("This letter has to be sent by you yourself, through the form on the office's own site. See below."),
        ),
        State.UNKNOWN: (
            "warning",
            _("Not certain"),
            _(
                "The connection broke while your letter was being handed over, so we cannot tell whether it arrived. "
                "We do not send it a second time unseen; our staff are looking into it."
            ),
        ),
        State.REJECTED: (
            "error",
            _("Not taken"),
            _("The office's system did not take your letter. Our staff can see why and are looking into it."),
        ),
        State.DEAD: (
            "error",
            _("Could not be handed over"),
            _(
                "We tried several times without success. You can still send it yourself, through the form on the "
                "senator's own site; see below."
            ),
        ),
        State.WITHDRAWN: (
            "info",
            _("Taken back"),
            _("This letter was taken back and is not sent. You can write to this office anew."),
        ),
    }[State(delivery.state)]


def accepted(delivery: Delivery) -> Words:
    if delivery.channel == ChannelName.SANDBOX:
        return (
            "info",
            _("Rehearsal: nothing was sent"),
            _(
                "This site is in rehearsal. Your letter was written down here exactly as it would have gone out, "
                "but nothing was sent to the office."
            ),
        )
    return "good", _("Handed over"), str(HANDED_OVER[ChannelName(delivery.channel)])
