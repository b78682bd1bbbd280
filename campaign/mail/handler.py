"""Send mail. Each kind of mail is a handler that composes it; the rest is the same for all.

    class ConfirmationMail(MailHandler):
        is_capped = True
        def compose(self, items):
            for item in items:
                yield item, Mail("petitions/confirmation", language="en", to=item.secret["address"], context={...})

The template `emails/petitions/confirmation.txt` begins with the subject on a line of its own; `.html` lies next to it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from campaign.journal import journal
from campaign.mail import smtp_errors
from campaign.mail.cooldown import allowance_key
from campaign.mail.letterhead import letterhead
from campaign.mail.smtp_errors import Meaning
from campaign.outbox import claims, rehearsals, suppressions
from campaign.outbox.handlers import (
    FAULT,
    OUTAGE,
    OVERTAKEN,
    SHORTAGE,
    WAS_MAILED,
    Done,
    Handler,
    Item,
    Outcome,
    Refused,
    Retry,
)
from campaign.outbox.heartbeats import SitePart, record_heartbeat
from campaign.outbox.rehearsals import AFTER_REHEARSAL
from campaign.performance.prepared_message import PreparedMessage
from campaign.protection.inputs.line_breaks import fold_line
from campaign.protection.limits import rate_limits
from campaign.secrecy.addresses import normalise

logger = logging.getLogger(__name__)

NO_OUTAGE = (OVERTAKEN, AFTER_REHEARSAL)  # these say nothing of the mail server

# A confirmation that arrives twice does no harm, so a mail whose connection broke is retried like a deferred one.
OUTCOMES: dict[Meaning, Callable[[str], Outcome]] = {
    Meaning.REFUSED: lambda why: Refused(f"refused by the mail server: {why}"),
    Meaning.DEFERRED: lambda why: Retry(f"deferred by the mail server: {why}"),
    Meaning.BROKEN: lambda why: Retry(f"the mail server hung up: {why}"),
    Meaning.UNWRITABLE: lambda why: Retry(f"{FAULT}, which cannot write this mail: {why}"),
    Meaning.SHORTAGE: lambda why: Retry(f"{SHORTAGE}: {why}", is_spent=False),
    Meaning.UNUSABLE: lambda why: Retry(f"{OUTAGE}: {why}", is_spent=False),
}


@dataclass(frozen=True)
class Mail:
    template: str
    language: str
    to: str
    context: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class MailHandler(Handler):
    batch_size = 20
    max_attempts = 36  # a day or two of being deferred; a server that is away spends none
    is_for_staff = False  # True for mail that a rehearsal of the site does not keep back
    is_capped = False  # True for mail that a stranger can cause: once in 15 minutes, 3 a day, over all forms

    def compose(self, items: Sequence[Item]) -> Iterable[tuple[Item, Mail | None]]:
        """Yield each item with its mail, in a constant number of queries; None if the mail is no longer wanted."""
        raise NotImplementedError

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        admitted = self.admitted(items)
        yield from ((item, Done()) for item in items if item.pk not in admitted)
        composed = self.compose([item for item in items if item.pk in admitted])
        yield from deliver(composed, is_for_staff=self.is_for_staff)

    def admitted(self, items: Sequence[Item]) -> set[int]:
        """Return the ids of the items that may be sent."""
        welcome = not_suppressed(items)
        return {item.pk for item in (within_allowance(welcome) if self.is_capped else welcome)}


def deliver(
    composed: Iterable[tuple[Item, Mail | None]], *, is_for_staff: bool = False
) -> Iterator[tuple[Item, Outcome]]:
    """Send the mails over one connection; once the server cannot be used, the rest of the batch does not try it."""
    connection, outage = mailers.default, None
    try:
        for item, mail in composed:
            outcome = Done() if mail is None else outage or send_if_held(item, mail, connection, is_for_staff)
            outage = outage or (outcome if outcome not in NO_OUTAGE and is_unspent(outcome) else None)
            yield item, outcome
    finally:
        close(connection)


def send_if_held(item: Item, mail: Mail, connection: Any, is_for_staff: bool) -> Outcome:
    """Send the mail, unless another worker has claimed the item meanwhile, it went out before a restored backup, or the
    site is rehearsed and it is not for staff.
    """
    if item.payload.get(WAS_MAILED):
        return Done()
    message = build_message(mail, name=f"{item.kind}.{item.pk}")
    leave = claims.leave_for(item)
    if leave is None:
        return OVERTAKEN
    if leave.rehearsed_since and not (is_for_staff or is_staffs_address(mail.to)):
        return kept_back(item, mail, message, leave.rehearsed_since)
    outcome = send(message, connection)
    if isinstance(outcome, Done):
        journal.note("mailed", item=item.pk, mark=item.mark, kind=item.kind)
    return outcome


def kept_back(item: Item, mail: Mail, message: PreparedMessage, rehearsed_since: datetime) -> Outcome:
    """Return what a rehearsal makes of a mail that would leave to others than staff."""
    if item.created_at < rehearsed_since:
        return AFTER_REHEARSAL
    words = {"subject": str(message.subject), "text": str(message.body), "address": mail.to}
    return Done(partial(rehearsals.keep, item, language=mail.language, **words))


def is_staffs_address(address: str) -> bool:
    """Return whether a member of staff has this mailbox, in whichever spelling."""
    known = User.objects.filter(is_active=True, is_staff=True).values_list("email", flat=True)
    return normalise(address) in {normalise(one) for one in known if one}


def send(message: Any, connection: Any) -> Outcome:
    try:
        connection.open()
    except smtp_errors.ERRORS as error:
        return outcome_of(error, smtp_errors.of_opening(error), connection)
    try:
        connection.send_messages([message])
    except smtp_errors.ERRORS as error:
        return outcome_of(error, smtp_errors.meaning(error), connection)
    record_heartbeat(SitePart.MAIL_SERVER)
    return Done()


def outcome_of(error: Exception, meaning: Meaning, connection: Any) -> Outcome:
    if meaning is Meaning.UNWRITABLE:
        logger.error("a mail cannot be written", exc_info=error)
    if meaning is not Meaning.REFUSED:
        close(connection)
    return OUTCOMES[meaning](smtp_errors.named(error))


def is_unspent(outcome: Outcome) -> bool:
    return isinstance(outcome, Retry) and not outcome.is_spent


def close(connection: Any) -> None:
    """Close the connection, even if it is already broken and fails to say goodbye."""
    try:
        connection.close()
    except smtp_errors.ERRORS:
        connection.connection = None


def not_suppressed(items: Sequence[Item]) -> list[Item]:
    suppressed = suppressions.among(item.secret["address"] for item in items)
    return [item for item in items if item.secret["address"] not in suppressed]


@transaction.atomic
def within_allowance(items: Sequence[Item]) -> list[Item]:
    """Return the items that the allowances of their addresses admit, at most one for each address.

    An admitted item stays so at later attempts. Only rows that are still held are asked about, since a worker that was
    overtaken would use up the allowance of the one that overtook it.
    """
    asking: dict[bytes, Item] = {}
    held = claims.hold(items)
    for item in held:
        if not item.payload.get("is_admitted"):
            asking.setdefault(allowance_key(item.secret["address"]), item)
    granted = rate_limits.take_each(asking.keys(), rate_limits.CONFIRMATION_MAIL)
    claims.mark([asking[key] for key in granted], is_admitted=True)
    return [item for item in held if item.payload.get("is_admitted")]


def build_message(mail: Mail, *, name: str) -> PreparedMessage:
    """Return the message. Its Message-ID is made of `name`, so each attempt has the same and can be recognised."""
    with translation.override(mail.language):
        head = letterhead()
        context = {**mail.context, "language": mail.language, "is_rtl": translation.get_language_bidi()}
        context["letterhead"] = head
        text = render_to_string(f"emails/{mail.template}.txt", context).strip()
        html = render_to_string(f"emails/{mail.template}.html", context)
    subject, _, body = text.partition("\n")
    body = head.written_above(body.strip()) + f"\n{head.imprint()}"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    own = {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}
    headers = {name: fold_line(value) for name, value in {**own, **head.headers, **mail.headers}.items()}
    message = PreparedMessage(fold_line(subject).strip(), body, head.sender, to=[mail.to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message
