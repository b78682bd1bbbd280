"""Send an issue in lanes, and compose its mail."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import mailers

from campaign.journal import journal
from campaign.mail import smtp_errors
from campaign.mail.handler import Mail, build_message, close
from campaign.mail.smtp_errors import Meaning
from campaign.outbox import claims
from campaign.outbox.handlers import OUTAGE, SHORTAGE, Done, Item, Outcome, Retry
from campaign.outbox.slow_work.sliced import SlicedHandler
from campaign.outbox.suppressions import is_suppressed
from campaign.secrecy.periods.keys import KeyGone
from campaign.staff.mail.staff_mail import StaffMail
from campaign.supporters.mails import leaving_headers, unsubscribe_url
from campaign.supporters.models import Subscriber, SubscriberState
from campaign.web.links import absolute
from pages.models import Dispatch, Issue
from pages.models.newsletter import DispatchState, IssueState
from pages.newsletter import sending
from pages.publishing.plaintext import absolute_links, html_to_text

KIND = "pages.newsletter"
BEHIND_OTHERS = timedelta(minutes=1)


class Lane(SlicedHandler):
    """One item is one lane: it sends to one recipient after another, and comes back while there are any."""

    max_attempts = 100

    def steps(self, item: Item) -> Iterator[None]:
        issue = Issue.objects.get(pk=item.payload["issue"])
        while send_next(issue, mailers.default):
            yield

    def step(self, item: Item, steps: Iterator[None]) -> bool:
        """Send to the next recipient, outside any transaction: a mail that went out is never undone.

        While the site is rehearsed the issue is paused instead, and goes on when staff resume it.
        """
        leave = claims.leave_for(item)
        if leave and leave.rehearsed_since:
            sending.pause_for_rehearsal(item.payload["issue"])
            return False
        return leave is not None and next((True for _ in steps), False)

    def take_turn(self, item: Item) -> Outcome:
        if not Issue.objects.filter(pk=item.payload["issue"], state=IssueState.SENDING).exists():
            return Done()
        try:
            outcome = super().take_turn(item)
        except MailServerAway as error:
            return Retry(str(error), is_spent=False)
        finally:
            close(mailers.default)
        if isinstance(outcome, Retry) or sending.finish(item.payload["issue"]):
            return outcome
        return Retry("not everybody has it yet", timedelta(seconds=15), is_spent=False)


def send_next(issue: Issue, connection: Any) -> bool:
    """Send to the next recipient; return False if nobody is due.

    Raises MailServerAway; the recipient then keeps the turn. What fails before the mail is handed over raises as well,
    and the recipient waits a moment behind the others.
    """
    reach(connection)
    dispatch = Dispatch.objects.take(issue.pk)
    if dispatch is None:
        return False
    try:
        message = message_for(dispatch, issue)
    except Exception:
        sending.give_back_dispatch(dispatch, after=BEHIND_OTHERS)
        raise
    if message:
        note(dispatch, DispatchState.SENT)
        state = hand_to_mail_server(dispatch, message, connection)
        if state != DispatchState.SENT:
            note(dispatch, state)
        sending.settle_dispatch(dispatch, state)
    else:
        sending.settle_dispatch(dispatch, DispatchState.SKIPPED)
    return True


def message_for(dispatch: Dispatch, issue: Issue) -> Any | None:
    """Build the mail; None if the subscriber wants none by now, or cannot be read any more."""
    try:
        subscriber = dispatch.subscriber
    except KeyGone:
        return None
    return build_message(mail(issue, subscriber), name=f"{KIND}.{dispatch.pk}") if is_wanted(subscriber) else None


def note(dispatch: Dispatch, state: DispatchState) -> None:
    """Have it outlive a restored backup that the subscriber got the issue: before it goes, since twice is worse."""
    subscriber = dispatch.subscriber
    journal.note("newsletter", issue=dispatch.issue_id, subscriber=subscriber.pk, mark=subscriber.mark, state=state)


class MailServerAway(Exception):
    """No mail can go out now, for the reason that is told."""


def away_because(error: Exception, meaning: Meaning) -> MailServerAway:
    return MailServerAway(f"{SHORTAGE if meaning is Meaning.SHORTAGE else OUTAGE}: {smtp_errors.named(error)}")


def reach(connection: Any) -> None:
    try:
        connection.open()
    except smtp_errors.ERRORS as error:
        raise away_because(error, smtp_errors.of_opening(error)) from None


def is_wanted(subscriber: Subscriber) -> bool:
    """Return whether the subscriber still gets mail: not once they unsubscribed or their address was suppressed."""
    is_confirmed = subscriber.state == SubscriberState.CONFIRMED and subscriber.address
    return bool(is_confirmed) and not is_suppressed(str(subscriber.address))


DISPATCH_STATES = {
    Meaning.REFUSED: DispatchState.REFUSED,
    Meaning.DEFERRED: DispatchState.WAITING,
    Meaning.BROKEN: DispatchState.UNKNOWN,
    Meaning.UNWRITABLE: DispatchState.SKIPPED,
}


def hand_to_mail_server(dispatch: Dispatch, message: Any, connection: Any) -> DispatchState:
    """Hand the mail over; return the new state. Raises MailServerAway, after letting the recipient wait again."""
    try:
        connection.send_messages([message])
    except smtp_errors.ERRORS as error:
        meaning = smtp_errors.meaning(error)
        if meaning in {Meaning.UNUSABLE, Meaning.SHORTAGE}:
            note(dispatch, DispatchState.WAITING)
            sending.give_back_dispatch(dispatch)
            raise away_because(error, meaning) from None
        if meaning is not Meaning.REFUSED:
            close(connection)
        return DISPATCH_STATES[meaning]
    return DispatchState.SENT


def mail(issue: Issue, subscriber: Subscriber) -> Mail:
    leave_url = unsubscribe_url(subscriber, subscriber.language)
    return newsletter_mail(issue, subscriber.language, str(subscriber.address), leave_url, leaving_headers(leave_url))


def newsletter_mail(issue: Issue, language: str, address: str, leave_url: str, headers: dict[str, str]) -> Mail:
    """Return the mail in the subscriber's language; where not all of it is translated, the whole original."""
    local = issue.in_language(language)
    html = absolute_links(local.body)
    context = {"subject": local.subject, "html": html, "text": html_to_text(html), "unsubscribe_url": leave_url}
    context |= {"site_url": settings.SITE_URL, "written_in": local.language}
    return Mail("pages/newsletter", language=language, to=address, context=context, headers=headers)


class TrialMail(StaffMail):
    """A test of the mail, to a member of staff; its link to unsubscribe leads to the page of the newsletter."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        issues = Issue.objects.in_bulk([item.payload["issue"] for item in items])
        for item in items:
            issue = issues.get(item.payload["issue"])
            url = absolute("/newsletter/")
            yield (
                item,
                newsletter_mail(issue, item.payload["language"], item.secret["address"], url, {}) if issue else None,
            )
