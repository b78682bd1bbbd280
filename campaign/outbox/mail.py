"""Outgoing mail. A kind of mail is a handler that composes; the rest is the same for all and stands here.

    class ConfirmationMail(MailHandler):
        is_capped = True
        def compose(self, items):
            for item in items:
                yield item, Mail("petitions/confirmation", language="en", to=item.secret["address"], context={...})

The template `emails/petitions/confirmation.txt` begins with the subject on a line of its own; `.html` stands beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import Any

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from campaign.outbox import claims
from campaign.outbox.handlers import Dead, Done, Handler, Item, Outcome, Retry
from campaign.outbox.models import Suppression
from campaign.outbox.receipts import allowance_key
from campaign.protection import allowances
from campaign.secrecy.addresses import fingerprint

SUPPRESSION = "suppression"


@dataclass(frozen=True)
class Mail:
    template: str
    language: str
    to: str
    context: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class MailHandler(Handler):
    batch_size = 20
    is_capped = False  # True for mail that a stranger can cause: once in 15 minutes, 3 a day, over all forms

    def compose(self, items: Sequence[Item]) -> Iterable[tuple[Item, Mail | None]]:
        """The mail of each item, in a constant number of queries; None if it is no longer wanted."""
        raise NotImplementedError

    def run(self, items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        admitted = self.admitted(items)
        yield from ((item, Done()) for item in items if item.pk not in admitted)
        connection = mailers.default
        try:
            for item, mail in self.compose([item for item in items if item.pk in admitted]):
                yield item, send(build(mail, item), connection) if mail else Done()
        finally:
            close(connection)

    def admitted(self, items: Sequence[Item]) -> set[int]:
        """Which may be sent."""
        welcome = not_suppressed(items)
        return {item.pk for item in (within_allowance(welcome) if self.is_capped else welcome)}


def not_suppressed(items: Sequence[Item]) -> list[Item]:
    prints = {item.pk: fingerprint(item.secret["address"], SUPPRESSION) for item in items}
    suppressed = Suppression.objects.among(prints.values())
    return [item for item in items if prints[item.pk] not in suppressed]


def is_suppressed(address: str) -> bool:
    return bool(Suppression.objects.among([fingerprint(address, SUPPRESSION)]))


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


def build(mail: Mail, item: Item) -> EmailMultiAlternatives:
    """The message; its Message-ID is the item's, so that a repetition can be recognised as one."""
    with translation.override(mail.language):
        context = {**mail.context, "language": mail.language, "is_rtl": translation.get_language_bidi()}
        text = render_to_string(f"emails/{mail.template}.txt", context).strip()
        html = render_to_string(f"emails/{mail.template}.html", context)
    subject, _, body = text.partition("\n")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{item.kind}.{item.pk}@{domain}>", "Auto-Submitted": "auto-generated", **mail.headers}
    message = EmailMultiAlternatives(subject.strip(), body.strip() + "\n", to=[mail.to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def send(message: EmailMultiAlternatives, connection: Any) -> Outcome:
    """One message; what the server said decides whether and when it is tried again."""
    try:
        connection.open()
        connection.send_messages([message])
    except SMTPRecipientsRefused as error:
        code, _reply = next(iter(error.recipients.values()))
        return refusal(code)
    except SMTPServerDisconnected as error:
        close(connection)
        return Retry(f"the mail server hung up: {error}")
    except SMTPResponseException as error:
        return refusal(error.smtp_code)
    except (SMTPException, AnymailError, OSError) as error:
        close(connection)
        return Retry(f"the mail server could not be reached: {type(error).__name__}")
    return Done()


def refusal(code: int) -> Outcome:
    """4xx: later. 5xx: never again. The words of the server may hold the address, so only its number is kept."""
    return (
        Dead(f"refused by the mail server ({code})") if code >= 500 else Retry(f"deferred by the mail server ({code})")
    )


def close(connection: Any) -> None:
    """A connection that is already broken may fail to say goodbye."""
    try:
        connection.close()
    except (SMTPException, OSError):
        connection.connection = None
