"""What the mail provider reports of our mails: which addresses do not exist, and whose owners complained.

Anymail knows how each provider signs its reports, and what they mean. Only the provider that EMAIL_URL names is heard,
and only with EMAIL_WEBHOOK_SECRET; a report that is old, that comes again or means nothing for us changes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from campaign.mailers import PROVIDERS
from campaign.outbox.models import Suppression
from campaign.protection import allowances
from campaign.protection.allowances import Limit
from campaign.supporters.suppressing import suppress

OLDEST, NEWEST = timedelta(days=3), timedelta(minutes=10)  # before and after now; providers try again for a day or two
ONCE = (Limit(1, OLDEST + timedelta(days=1)),)
FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID}
HARD = "hard_bounce"  # Mandrill's own word, which Anymail does not turn into a reason


class Unbelieved(Exception):
    """A report that does not come from our provider, or that nobody can read."""


def is_heard() -> bool:
    return bool(settings.EMAIL_PROVIDER and settings.EMAIL_WEBHOOK_SECRET)


def believed(request: HttpRequest) -> list[Any]:
    """The events of a report, as Anymail puts them. Raises Unbelieved."""
    path, name = PROVIDERS[settings.EMAIL_PROVIDER]
    where = settings.SITE_URL + request.path  # Mandrill signs it as well
    view = import_string(f"anymail.webhooks.{path}")(**{name: settings.EMAIL_WEBHOOK_SECRET, "webhook_url": where})
    try:
        view.run_validators(request)
        return list(view.parse_events(request))
    except (AnymailWebhookValidationFailure, AnymailError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unbelieved(type(error).__name__) from None


def take(events: Iterable[Any]) -> int:
    """The number of addresses that were suppressed."""
    return sum(suppress(event.recipient, cause) for event, cause in telling(events) if is_new(event))


def telling(events: Iterable[Any]) -> Iterator[tuple[Any, Suppression.Cause]]:
    """Those that say something about an address, and lately."""
    for event in events:
        cause = cause_of(event)
        if cause and event.recipient and is_recent(event):
            yield event, cause


def cause_of(event: Any) -> Suppression.Cause | None:
    """A mailbox that is full, or a server that is slow, may be well tomorrow: such an address stays."""
    if event.event_type == EventType.COMPLAINED:
        return Suppression.Cause.COMPLAINT
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED} and is_for_good(event):
        return Suppression.Cause.BOUNCE
    return None


def is_for_good(event: Any) -> bool:
    return event.reject_reason in FOR_GOOD or event.esp_event.get("event") == HARD


def is_recent(event: Any) -> bool:
    now = timezone.now()
    return event.timestamp is not None and now - OLDEST < event.timestamp < now + NEWEST


@transaction.atomic
def is_new(event: Any) -> bool:
    """Each report counts once: what staff let in again is not shut out by an old report sent anew."""
    mark = f"{event.event_id}\0{event.event_type}\0{event.recipient}\0{event.timestamp}"
    return allowances.take(hashlib.sha256(mark.encode()).digest(), ONCE)
