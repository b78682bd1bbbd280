"""Outgoing mail. A kind of mail is a handler that composes; the rest is the same for all.

    class ConfirmationMail(MailHandler):
        is_capped = True
        def compose(self, items):
            for item in items:
                yield item, Mail("petitions/confirmation", language="en", to=item.secret["address"], context={...})

The template `emails/petitions/confirmation.txt` begins with the subject on a line of its own; `.html` stands beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from campaign.outbox import claims, suppressions
from campaign.outbox.handlers import Done, Handler, Item, Outcome
from campaign.outbox.messages import Message
from campaign.outbox.models import Suppression
from campaign.outbox.receipts import allowance_key
from campaign.outbox.sending import close, is_outage, send
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
