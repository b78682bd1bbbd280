"""The lanes that send an issue, and the mail itself."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import mailers

from campaign.outbox import answers
from campaign.outbox.answers import Meaning
from campaign.outbox.handlers import Done, Handler, Item, Outcome, Retry
from campaign.outbox.mail import Mail, MailHandler, build
from campaign.outbox.models import OUTAGE
from campaign.outbox.sending import close
from campaign.outbox.suppressions import is_suppressed
from campaign.supporters.mails import leaving_headers, unsubscribe_url
from campaign.supporters.models import Subscriber, SubscriberState
from pages.models import Dispatch, Issue
from pages.models.newsletter import DispatchState, IssueState
from pages.newsletter import sending
from pages.plaintext import absolute, plain

KIND = "pages.newsletter"
SECONDS_A_TURN = 20  # then the lane goes to the end of the queue, so that other work has its turn


class Lane(Handler):
    """One item is one lane: it sends to one recipient after another, and comes back while there are any."""

    batch_size = 1
    max_attempts = 100

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        for item in items:
            yield item, turn(item.payload["issue"])


def turn(issue_id: int) -> Outcome:
    issue = Issue.objects.filter(pk=issue_id, state=IssueState.SENDING).first()
    if issue is None:
        return Done()
    end, connection = monotonic() + SECONDS_A_TURN, mailers.default
    try:
        while monotonic() < end and send_next(issue, connection):
            pass
    except Unusable as error:
        return Retry(f"{OUTAGE}: {error}", is_spent=False)
    finally:
        close(connection)
    after = timedelta() if monotonic() >= end else timedelta(seconds=15)
    return Done() if sending.finish(issue_id) else Retry("not everybody has it yet", after, is_spent=False)


def send_next(issue: Issue, connection: Any) -> bool:
    """False if nobody is due. Raises Unusable before anybody is taken from the ledger."""
    reach(connection)
    dispatch = Dispatch.objects.take(issue.pk)
    if dispatch is None:
        return False
    if is_wanted(dispatch.subscriber):
        message = build(mail(issue, dispatch.subscriber), Item(kind=KIND, pk=dispatch.pk))
        sending.settle(dispatch, hand_over(dispatch, message, connection))
    else:
        sending.settle(dispatch, DispatchState.SKIPPED)
    return True


class Unusable(Exception):
    """The mail server takes no mail of ours now."""


def reach(connection: Any) -> None:
    try:
        connection.open()
    except answers.ERRORS as error:
        raise Unusable(type(error).__name__) from None


def is_wanted(subscriber: Subscriber) -> bool:
    """Not by those who unsubscribed or whose address was suppressed since the sending began."""
    is_confirmed = subscriber.state == SubscriberState.CONFIRMED and subscriber.address
    return bool(is_confirmed) and not is_suppressed(str(subscriber.address))


MEANS = {
    Meaning.REFUSED: DispatchState.REFUSED,
    Meaning.DEFERRED: DispatchState.WAITING,
    Meaning.BROKEN: DispatchState.UNKNOWN,
}


def hand_over(dispatch: Dispatch, message: Any, connection: Any) -> DispatchState:
    """What became of it. Raises Unusable, and nobody has lost their turn."""
    try:
        connection.send_messages([message])
    except answers.ERRORS as error:
        meaning = answers.meaning(error)
        if meaning is Meaning.UNUSABLE:
            sending.give_back(dispatch)
            raise Unusable(type(error).__name__) from None
        if meaning is not Meaning.REFUSED:
            close(connection)
        return MEANS[meaning]
    return DispatchState.SENT


def mail(issue: Issue, subscriber: Subscriber) -> Mail:
    leave_url = unsubscribe_url(subscriber)
    return letter(issue, subscriber.language, str(subscriber.address), leave_url, leaving_headers(leave_url))


def letter(issue: Issue, language: str, address: str, leave_url: str, headers: dict[str, str]) -> Mail:
    """In the language of the subscriber, as far as it has been translated."""
    local = issue.in_language(language)
    html = absolute(local.body)
    context = {"subject": local.subject, "html": html, "text": plain(html), "unsubscribe_url": leave_url}
    context |= {"site_url": settings.SITE_URL}
    return Mail("pages/newsletter", language=language, to=address, context=context, headers=headers)


class TrialMail(MailHandler):
    """The same mail to one of the staff; its link to unsubscribe leads to the page of the newsletter."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        issues = Issue.objects.in_bulk([item.payload["issue"] for item in items])
        for item in items:
            issue = issues.get(item.payload["issue"])
            url = f"{settings.SITE_URL}/newsletter/"
            yield item, letter(issue, item.payload["language"], item.secret["address"], url, {}) if issue else None
