"""Outgoing mail. A kind of mail is a handler that composes; the rest is the same for all and stands here.

    class ConfirmationMail(MailHandler):
        is_capped = True
        def compose(self, items):
            for item in items:
                yield item, Mail("petitions/confirmation", language="en", to=item.secret["address"], context={...})

The template `emails/petitions/confirmation.txt` begins with the subject on a line of its own; `.html` stands beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from campaign.outbox import answers, claims, suppressions
from campaign.outbox.answers import Meaning
from campaign.outbox.handlers import Done, Handler, Item, Outcome, Refused, Retry
from campaign.outbox.messages import Message
from campaign.outbox.models import OUTAGE, Suppression
from campaign.outbox.receipts import allowance_key
from campaign.protection import allowances


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
    is_capped = False  # True for mail that a stranger can cause: once in 15 minutes, 3 a day, over all forms

    def compose(self, items: Sequence[Item]) -> Iterable[tuple[Item, Mail | None]]:
        """The mail of each item, in a constant number of queries; None if it is no longer wanted."""
        raise NotImplementedError

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        admitted = self.admitted(items)
        yield from ((item, Done()) for item in items if item.pk not in admitted)
        yield from deliver(self.compose([item for item in items if item.pk in admitted]))

    def admitted(self, items: Sequence[Item]) -> set[int]:
        """Which may be sent."""
        welcome = not_suppressed(items)
        return {item.pk for item in (within_allowance(welcome) if self.is_capped else welcome)}


def deliver(composed: Iterable[tuple[Item, Mail | None]]) -> Iterator[tuple[Item, Outcome]]:
    """Over one connection; once the server cannot be used, the rest of the batch does not try it again."""
    connection, outage = mailers.default, None
    try:
        for item, mail in composed:
            outcome = Done() if mail is None else outage or send(build(mail, item), connection)
            outage = outage or (outcome if is_outage(outcome) else None)
            yield item, outcome
    finally:
        close(connection)


def not_suppressed(items: Sequence[Item]) -> list[Item]:
    prints = {item.pk: suppressions.fingerprint_of(item.secret["address"]) for item in items}
    suppressed = Suppression.objects.among(prints.values())
    return [item for item in items if prints[item.pk] not in suppressed]


@transaction.atomic
def within_allowance(items: Sequence[Item]) -> list[Item]:
    """Of each address one at most, if its allowance has room. Asked once; a later attempt stays admitted."""
    asking: dict[bytes, Item] = {}
    for item in items:
        if not item.payload.get("is_admitted"):
            asking.setdefault(allowance_key(item.secret["address"]), item)
    granted = allowances.take_each(asking.keys(), allowances.CONFIRMATION_MAIL)
    claims.mark([asking[key] for key in granted], is_admitted=True)
    return [item for item in items if item.payload.get("is_admitted")]


def build(mail: Mail, item: Item) -> Message:
    """The message; its Message-ID is the item's, so that a repetition can be recognised as one."""
    with translation.override(mail.language):
        context = {**mail.context, "language": mail.language, "is_rtl": translation.get_language_bidi()}
        text = render_to_string(f"emails/{mail.template}.txt", context).strip()
        html = render_to_string(f"emails/{mail.template}.html", context)
    subject, _, body = text.partition("\n")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{item.kind}.{item.pk}@{domain}>", "Auto-Submitted": "auto-generated", **mail.headers}
    message = Message(subject.strip(), body.strip() + "\n", to=[mail.to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def send(message: Message, connection: Any) -> Outcome:
    """One message; what the server said decides whether and when it is tried again."""
    try:
        connection.open()
    except answers.ERRORS as error:
        close(connection)
        return OUTCOMES[Meaning.UNUSABLE](error)
    try:
        connection.send_messages([message])
    except answers.ERRORS as error:
        return after(error, connection)
    return Done()


def after(error: Exception, connection: Any) -> Outcome:
    meaning = answers.meaning(error)
    if meaning is not Meaning.REFUSED:
        close(connection)
    return OUTCOMES[meaning](error)


# A confirmation that came twice does no harm, so a line that broke is tried again like a mail that was deferred.
OUTCOMES: dict[Meaning, Callable[[Exception], Outcome]] = {
    Meaning.REFUSED: lambda error: Refused(f"refused by the mail server: {named(error)}"),
    Meaning.DEFERRED: lambda error: Retry(f"deferred by the mail server: {named(error)}"),
    Meaning.BROKEN: lambda error: Retry(f"the mail server hung up: {named(error)}"),
    Meaning.UNUSABLE: lambda error: Retry(f"{OUTAGE}: {named(error)}", is_spent=False),
}


def named(error: Exception) -> str:
    """The words of a server may hold the address, so only its number is kept."""
    code = getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
    answer = answers.answer_about(error)
    return str(answer[0] if answer else code or type(error).__name__)


def is_outage(outcome: Outcome) -> bool:
    return isinstance(outcome, Retry) and not outcome.is_spent


def close(connection: Any) -> None:
    """A connection that is already broken may fail to say goodbye."""
    try:
        connection.close()
    except answers.ERRORS:
        connection.connection = None
