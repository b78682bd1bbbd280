"""What has become of a constituent's letters, in plain words and never claiming more than is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from campaign.database import clock
from campaign.outbox import rehearsals
from letters.delivery.channel_labels import ways_of
from letters.models import ChannelName, Delivery, Office
from letters.models.deliveries import FOR_HAND, TO_BE_PRINTED
from letters.models.delivery_states import State

Words = tuple[str, Any, Any]  # kind, label, text

HANDED_OVER = {
    ChannelName.EMAIL: _(
        "The mail server accepted your letter for the address that this office gave. We cannot tell whether "
        "anyone has read it."
    ),
    ChannelName.PRINT: _("The coalition has printed your letter and has posted it or taken it to the office."),
    ChannelName.HOUSE_API: _(
        "The House of Representatives' system accepted your letter. We cannot tell whether anyone in the office has "
        "read it."
    ),
    ChannelName.SENATE_API: _(
        "The Senate's system accepted your letter. We cannot tell whether anyone in the office has read it."
    ),
}
BY_POST = _(
    "This office has no form for letters. You can send yours yourself: print it and send it by post. See below."
)


@dataclass(frozen=True)
class Status:
    """`kind` names the icon and colour; `can_withdraw` tells whether the letter can still be taken back."""

    delivery: Delivery
    kind: str
    label: str
    text: str
    can_withdraw: bool = False

    @property
    def withdrawable_until(self) -> datetime | None:
        """Return the moment until which the letter can surely be taken back; None if delivery may begin any time."""
        if not (self.can_withdraw and self.delivery.ready_at) or self.delivery.held_because:
            return None
        until = self.delivery.ready_at + timedelta(minutes=settings.LETTER_WITHDRAWAL_MINUTES)
        return until if until > clock.now() else None

    @property
    def office(self) -> Office:
        return self.delivery.letter.office

    @property
    def needs_hand(self) -> bool:
        """Return whether the constituent can still send the letter themselves."""
        if not self.office.is_current:
            return False
        is_theirs = self.delivery.state in FOR_HAND
        return is_theirs and not self.delivery.sent_by_hand_at


def status_of(delivery: Delivery) -> Status:
    kind, label, text = status_words(delivery)
    return Status(delivery, kind, str(label), str(text), can_withdraw=delivery.state == State.READY)


def is_left_behind(delivery: Delivery) -> bool:
    """Return whether the letter waits for a senator who has left office."""
    waits = {State.READY, State.NEEDS_CONSTITUENT, State.REJECTED, State.DEAD}
    return delivery.state in waits and not (delivery.letter.office.is_current or delivery.printed_at)


def status_words(delivery: Delivery) -> Words:
    if delivery.state == State.ACCEPTED:
        return accepted(delivery)
    if delivery.sent_by_hand_at:
        return "good", _("You told us that you sent it"), _("You sent this letter to the office yourself. Thank you.")
    if delivery.state == State.WITHDRAWN and delivery.is_cancelled:
        return (
            "info",
            _("Cancelled"),
            _(
                "The staff of this campaign cancelled this letter before it was sent. "
                "You can write to this office again."
            ),
        )
    if delivery.has_senator_left:
        return (
            "info",
            _("The recipient has left office"),
            _(
                "The recipient left office before this letter could be sent. Our email about it says who holds the "
                "seat now and what you can do."
            ),
        )
    if is_left_behind(delivery):
        return (
            "clock",
            _("The recipient has left office"),
            _(
                "Nothing is sent to somebody who has left office. Once we know who holds the seat, we will email you "
                "and offer to send your letter to them."
            ),
        )
    if delivery.held_because:
        return held(delivery)
    if delivery.state == State.READY:
        return waiting(delivery)
    kind, label, text = {
        State.UNCONFIRMED: (
            "clock",
            _("Not confirmed"),
            _("Nothing is sent until you confirm it with the link in our email."),
        ),
        State.SENDING: ("clock", pgettext("letter", "On its way"), _("Your letter is being sent right now.")),
        State.NEEDS_CONSTITUENT: (
            "warning",
            _("For you to send"),
            _("You need to send this letter yourself, using the form on the office's own website. See below."),
        ),
        State.UNKNOWN: (
            "warning",
            _("Outcome unknown"),
            _(
                "The connection was lost while your letter was being sent, so we cannot tell whether it arrived. We "
                "will not send it a second time without checking; our staff are looking into it."
            ),
        ),
        State.REJECTED: (
            "error",
            _("Not accepted by the system"),
            _(
                "The office's system did not accept your letter. You can still send it yourself, using the form on the "
                "office's own website; see below."
            ),
        ),
        State.DEAD: (
            "error",
            _("Could not be sent"),
            _(
                "We tried several times without success. You can still send it yourself, using the form on the "
                "office's own website; see below."
            ),
        ),
        State.WITHDRAWN: (
            "info",
            _("Withdrawn"),
            _("This letter was withdrawn and will not be sent. You can write to this office again."),
        ),
    }[State(delivery.state)]
    is_by_post = delivery.state in FOR_HAND and not delivery.letter.office.contact_form
    return kind, label, BY_POST if is_by_post else text


def waiting(delivery: Delivery) -> Words:
    """Say how it goes, in the words in which that was told at writing; in a rehearsal it goes nowhere."""
    soon = gettext("Your letter is confirmed and will be sent soon.")
    if rehearsals.current():
        return "clock", pgettext("letter", "Waiting"), soon
    (way,) = ways_of([delivery])
    return (
        "clock",
        pgettext("letter", "Waiting"),
        f"{soon} {way.words}" if way.is_there and not way.is_by_hand else way.words,
    )


def accepted(delivery: Delivery) -> Words:
    if delivery.channel == ChannelName.SANDBOX:
        return (
            "info",
            _("Test: nothing was sent"),
            _(
                "This site is in test mode. Your letter was recorded here exactly as it would have been sent, but "
                "nothing was sent to the office."
            ),
        )
    return "good", _("Sent"), str(HANDED_OVER[ChannelName(delivery.channel)])


def held(delivery: Delivery) -> Words:
    if delivery.held_because == TO_BE_PRINTED:
        return "clock", _("To be printed"), _("The coalition will print this letter and take it to the office.")
    return (
        "clock",
        _("Waiting for our staff"),
        _("We are checking something about this office first. Your letter has been neither lost nor forgotten."),
    )
